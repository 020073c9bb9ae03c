package io.rollcall.access;

import io.rollcall.http.Ids;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The token that a workspace's agent gets when it registers and its workspace has none that works. */
@ApplicationScoped
public class FirstToken {

    private static final String NAME = "registration";

    private final TokenRepository repository;
    private final Audit audit;

    FirstToken(TokenRepository repository, Audit audit) {
        this.repository = repository;
        this.audit = audit;
    }

    /**
     * Mints it; null when the workspace has a live one. It does not outlive the caller's own.
     *
     * @param connection in a transaction that has locked the workspace's live row: two registrations at once mint one
     */
    public Uni<@Nullable String> mint(SqlConnection connection, Caller caller, UUID workspaceId) {
        return repository.hasLive(connection, caller, workspaceId).chain(has -> {
            if (has) {
                return Uni.createFrom().nullItem();
            }
            return repository.place(connection, caller, workspaceId).chain(found -> {
                TokenRepository.Place place = Objects.requireNonNull(found);
                Token token = Token.random(TokenScope.WORKSPACE.kind(), Ids.next());
                var kept = new TokenRepository.Kept(NAME, TokenScope.WORKSPACE);
                return repository
                        .insert(connection, caller, token, place.orgId(), workspaceId, kept, place.callersEnd())
                        .chain(() -> audit.record(
                                connection,
                                caller,
                                place.orgId(),
                                "token.created",
                                token.id().toString(),
                                new JsonObject()
                                        .put("name", NAME)
                                        .put("scope", TokenScope.WORKSPACE.word())
                                        .put("workspace_id", workspaceId.toString())))
                        .replaceWith(token::text);
            });
        });
    }
}
