package io.rollcall.access;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code Authorization: Bearer <token>}. Without one the request is anonymous, which no endpoint accepts. When the
 * database cannot say whether a token is good, the request fails as the database does; it is never let through.
 */
@ApplicationScoped
class BearerAuthentication implements HttpAuthenticationMechanism {

    /** The identity's attribute with the {@link KnownToken}; the platform's admin has none. */
    static final String TOKEN = "token";

    private static final String SCHEME = "bearer ";
    private static final Set<String> ADMINS = Set.of(Role.ADMIN, Role.WRITE, Role.READ);

    private final TokenCheck check;

    BearerAuthentication(TokenCheck check) {
        this.check = check;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager manager) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Uni.createFrom().failure(new AuthenticationFailedException());
        }
        return check.find(shown(header))
                .map(known -> known.map(token -> identity(token, token.scope().roles()))
                        .orElseGet(() -> identity(null, ADMINS)));
    }

    /** The token in an {@code Authorization} header that has been accepted. */
    static String shown(String authorization) {
        return authorization.substring(SCHEME.length()).strip();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom()
                .item(new ChallengeData(HttpResponseStatus.UNAUTHORIZED.code(), "WWW-Authenticate", "Bearer"));
    }

    private static SecurityIdentity identity(@Nullable KnownToken token, Set<String> roles) {
        var identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(Caller.actor(token)))
                .addRoles(roles);
        if (token != null) {
            identity.addAttribute(TOKEN, token);
        }
        return identity.build();
    }
}
