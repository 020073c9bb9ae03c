package io.rollcall.access;

import io.rollcall.access.TokenRepository.Kept;
import io.rollcall.access.TokenRepository.Place;
import io.rollcall.http.Cursor;
import io.rollcall.http.Idempotency;
import io.rollcall.http.IdempotencyKey;
import io.rollcall.http.Ids;
import io.rollcall.http.Json;
import io.rollcall.http.Page;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.rollcall.http.Violation;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Hands out tokens and takes them back. Nobody gets more by it than he has: only admins mint, in their own organisation,
 * nothing that outlives their own token.
 */
@ApplicationScoped
class Tokens {

    private final TokenRepository repository;
    private final KnownTokens known;
    private final Transactions transactions;
    private final Idempotency idempotency;
    private final Audit audit;
    private final Json json;

    Tokens(
            TokenRepository repository,
            KnownTokens known,
            Transactions transactions,
            Idempotency idempotency,
            Audit audit,
            Json json) {
        this.repository = repository;
        this.known = known;
        this.transactions = transactions;
        this.idempotency = idempotency;
        this.audit = audit;
        this.json = json;
    }

    /**
     * Mints a token of an organisation, given by its root, or of a workspace. Fails with 404 when there is none, 410 when
     * it was removed, 422 for a time or a replaced token that does not fit.
     *
     * @param callersToken seals the reply that is kept for repetitions
     */
    Uni<Reply> mint(
            Caller caller,
            UUID workspaceId,
            boolean ofWorkspace,
            NewToken wanted,
            IdempotencyKey key,
            String callersToken) {
        return transactions
                .run(
                        caller,
                        connection -> idempotency.onceSealed(connection, key, callersToken, () -> mint(
                                        connection, caller, workspaceId, ofWorkspace, wanted)
                                .map(minted -> json.reply(201, minted))))
                .invoke(() -> {
                    if (wanted.replaces() != null) {
                        known.forget(wanted.replaces());
                    }
                });
    }

    /** Newest first. Fails with 404 when there is no such organisation or workspace. */
    Uni<TokenSummary.Listed> page(
            Caller caller, UUID workspaceId, boolean ofWorkspace, @Nullable String limit, @Nullable String cursor) {
        int size = Page.limit(limit);
        Cursor after = Cursor.decode(cursor);
        return transactions
                .read(caller, connection -> repository
                        .place(connection, caller, workspaceId)
                        .invoke(place -> require(place, workspaceId, ofWorkspace))
                        .chain(() -> repository.page(connection, caller, workspaceId, ofWorkspace, after, size)))
                .map(rows -> Page.of(rows, size, TokenSummary::cursor))
                .map(page -> new TokenSummary.Listed(page.items(), page.nextCursor()));
    }

    /**
     * Fails with 404 when there is none, or it is another's; repeated, it changes nothing.
     *
     * @param workspaceId whose token it is; null: an organisation's
     */
    Uni<Void> revoke(Caller caller, UUID id, @Nullable UUID workspaceId) {
        return transactions
                .run(caller, connection -> revoke(connection, caller, id, workspaceId))
                .invoke(() -> known.forget(id));
    }

    private Uni<MintedToken> mint(
            SqlConnection connection, Caller caller, UUID workspaceId, boolean ofWorkspace, NewToken wanted) {
        return repository.place(connection, caller, workspaceId).chain(found -> {
            Place place = require(found, workspaceId, ofWorkspace);
            if (place.removedAt() != null) {
                throw Problem.of(410, "REMOVED", "workspace " + workspaceId + " was removed")
                        .with("id", workspaceId)
                        .with("removed_at", place.removedAt());
            }
            OffsetDateTime end = end(wanted, place);
            return replaced(connection, workspaceId, ofWorkspace, wanted).chain(old -> {
                Kept named = new Kept(
                        wanted.name() != null
                                ? wanted.name()
                                : Objects.requireNonNull(old).name(),
                        wanted.scope() != null
                                ? wanted.scope()
                                : Objects.requireNonNull(old).scope());
                Token token = Token.random(named.scope().kind(), Ids.next());
                return repository
                        .insert(connection, caller, token, place.orgId(), workspaceId, named, end)
                        .chain(() -> audit.record(
                                connection,
                                caller,
                                place.orgId(),
                                "token.created",
                                token.id().toString(),
                                new JsonObject()
                                        .put("name", named.name())
                                        .put("scope", named.scope().word())
                                        .put("workspace_id", workspaceId.toString())
                                        .put("expires_at", end == null ? null : end.toString())
                                        .put("replaces", text(wanted.replaces()))))
                        .replaceWith(() -> new MintedToken(
                                token.id(),
                                named.name(),
                                named.scope().word(),
                                token.kind().prefix(token.id()),
                                token.text(),
                                end));
            });
        });
    }

    private Uni<Void> revoke(SqlConnection connection, Caller caller, UUID id, @Nullable UUID workspaceId) {
        return repository.revoke(connection, caller, id, workspaceId).chain(revoked -> {
            if (revoked == null) {
                throw Problem.notFound("token", id);
            }
            return revoked.fresh()
                    ? audit.record(
                            connection,
                            caller,
                            revoked.orgId(),
                            "token.revoked",
                            id.toString(),
                            new JsonObject()
                                    .put("name", revoked.name())
                                    .put("scope", revoked.scope().word()))
                    : Uni.createFrom().voidItem();
        });
    }

    private static Place require(@Nullable Place place, UUID workspaceId, boolean ofWorkspace) {
        if (place == null || !(ofWorkspace || place.isRoot())) {
            throw Problem.notFound(ofWorkspace ? "workspace" : "organisation", workspaceId);
        }
        return place;
    }

    private static @Nullable OffsetDateTime end(NewToken wanted, Place place) {
        OffsetDateTime end = wanted.expiresAt() == null ? place.callersEnd() : wanted.expiresAt();
        if (end != null && !end.isAfter(place.now())) {
            throw Problem.invalid(List.of(new Violation("expires_at", "must be in the future")));
        }
        if (end != null && place.callersEnd() != null && end.isAfter(place.callersEnd())) {
            throw Problem.invalid(List.of(new Violation(
                    "expires_at", "must not be later than that of the token that asks: " + place.callersEnd())));
        }
        return end;
    }

    private Uni<@Nullable Kept> replaced(
            SqlConnection connection, UUID workspaceId, boolean ofWorkspace, NewToken wanted) {
        if (wanted.replaces() == null) {
            return Uni.createFrom().nullItem();
        }
        return repository
                .endEarlier(connection, wanted.replaces(), workspaceId, ofWorkspace, wanted.overlap())
                .invoke(old -> {
                    if (old == null) {
                        throw Problem.invalid(
                                List.of(new Violation("replaces", "must be a live token of the same owner")));
                    }
                });
    }

    private static @Nullable String text(@Nullable UUID id) {
        return id == null ? null : id.toString();
    }
}
