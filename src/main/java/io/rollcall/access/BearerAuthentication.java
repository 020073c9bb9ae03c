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

    private final AdminToken adminToken;
    private final KnownTokens tokens;
    private final TokenUse use;
    private final RateLimits limits;

    BearerAuthentication(AdminToken adminToken, KnownTokens tokens, TokenUse use, RateLimits limits) {
        this.adminToken = adminToken;
        this.tokens = tokens;
        this.use = use;
        this.limits = limits;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager manager) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Uni.createFrom().nullItem();
        }
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return refused();
        }
        String text = shown(header);
        if (adminToken.matches(text)) {
            return Uni.createFrom().item(identity(null, ADMINS));
        }
        Token shown = Token.parse(text);
        if (shown == null) {
            return refused();
        }
        return tokens.find(shown.id()).chain(known -> {
            if (!KnownToken.opens(known, shown)) {
                return refused();
            }
            limits.count(known);
            use.note(known.id());
            return Uni.createFrom().item(identity(known, known.scope().roles()));
        });
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

    private static Uni<SecurityIdentity> refused() {
        return Uni.createFrom().failure(new AuthenticationFailedException());
    }
}
