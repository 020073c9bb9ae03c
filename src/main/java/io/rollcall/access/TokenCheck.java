package io.rollcall.access;

import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/**
 * Whether a token opens the service: for each request, for what is no request of the API's, and again for what outlives its
 * request.
 */
@ApplicationScoped
public class TokenCheck {

    private final AdminToken adminToken;
    private final KnownTokens tokens;
    private final TokenUse use;
    private final RateLimits limits;

    TokenCheck(AdminToken adminToken, KnownTokens tokens, TokenUse use, RateLimits limits) {
        this.adminToken = adminToken;
        this.tokens = tokens;
        this.use = use;
        this.limits = limits;
    }

    /** Who shows this token. Fails with {@link AuthenticationFailedException}, with 429, and as the database does. */
    public Uni<Caller> caller(String shown, String requestId) {
        return find(shown).map(known -> new Caller(known.orElse(null), requestId));
    }

    /** Whether the caller's token is still good; asked of memory mostly, which follows revocations within a second. */
    public Uni<Boolean> isGood(Caller caller) {
        KnownToken token = caller.token();
        return token == null
                ? Uni.createFrom().item(true)
                : tokens.find(token.id()).map(known -> known != null && !known.isOver());
    }

    /** Empty: the platform's admin. */
    Uni<Optional<KnownToken>> find(String text) {
        if (adminToken.matches(text)) {
            return Uni.createFrom().item(Optional.empty());
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
            return Uni.createFrom().item(Optional.of(known));
        });
    }

    private static <T> Uni<T> refused() {
        return Uni.createFrom().failure(new AuthenticationFailedException());
    }
}
