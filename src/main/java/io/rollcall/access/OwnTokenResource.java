package io.rollcall.access;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The token that asks ({@code /org/token}). */
@Path("/org/token")
@Tag(name = "access", description = "Who may do what, and who did what")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Role.READ, Role.WORKSPACE})
class OwnTokenResource {

    private final TokenRepository repository;
    private final Transactions transactions;
    private final CurrentCaller caller;

    OwnTokenResource(TokenRepository repository, Transactions transactions, CurrentCaller caller) {
        this.repository = repository;
        this.transactions = transactions;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "getOwnToken",
            summary = "What the token that asks is",
            description = "For pages and agents that were handed a token: whose it is, and what it may do.")
    @APIResponseSchema(value = OwnToken.class, responseDescription = "The token, without its secret")
    public Uni<OwnToken> own() {
        var who = caller.get();
        KnownToken token = who.token();
        return token == null
                ? Uni.createFrom().item(OwnToken.ofPlatform())
                : transactions
                        .read(who, connection -> repository.end(connection, who, token.id()))
                        .map(end -> OwnToken.of(token, end.orElse(null)));
    }
}
