package io.rollcall.settings;

import io.quarkus.runtime.StartupEvent;
import io.rollcall.Misconfigured;
import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.access.Transactions;
import io.rollcall.http.PairCursor;
import io.rollcall.http.Problem;
import io.rollcall.settings.SettingsRepository.Change;
import io.rollcall.settings.SettingsRepository.Locked;
import io.rollcall.settings.SettingsRepository.Written;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The settings of workspaces. What changes nothing is neither written nor in the audit trail, and is answered as it stands
 * even when the {@code If-Match} is of before (RFC 9110, 13.1.1): so whoever lost the reply to a change may send it again.
 */
@ApplicationScoped
class Settings {

    /** What the table takes, whatever is set: {@code settings_data_size}. */
    private static final int LARGEST = 1_048_576;

    private static final String TOO_LARGE = "settings_data_size";

    /** Each level takes some of the server's stack. */
    private static final int DEEPEST = 100;

    private final SettingsRepository repository;
    private final Transactions transactions;
    private final Audit audit;
    private final SettingsLimits limits;

    Settings(SettingsRepository repository, Transactions transactions, Audit audit, SettingsLimits limits) {
        this.repository = repository;
        this.transactions = transactions;
        this.audit = audit;
        this.limits = limits;
    }

    void atStart(@Observes StartupEvent started) {
        require("max-bytes", limits.maxBytes(), LARGEST);
        require("max-depth", limits.maxDepth(), DEEPEST);
        require("max-documents", limits.maxDocuments(), Integer.MAX_VALUE);
    }

    private static void require(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new Misconfigured("rollcall.settings." + name + " must be from 1 to " + most + ", is " + value);
        }
    }

    /** Fails with 404 when there is none, 410 for a removed workspace. */
    Uni<Setting> find(Caller caller, UUID workspaceId, String key) {
        return transactions
                .read(caller, connection -> repository.find(connection, caller, workspaceId, key))
                .onItem()
                .ifNull()
                .failWith(() -> Problem.notFound("document", key));
    }

    Uni<SettingPage> page(Caller caller, UUID workspaceId, PairCursor after, int limit) {
        return transactions.read(caller, connection -> repository.page(connection, caller, workspaceId, after, limit));
    }

    /** Fails with 412 when the precondition is not met, 422 beyond a limit. */
    Uni<Changed> change(
            Caller caller, UUID workspaceId, String key, Change change, String body, Precondition precondition) {
        return transactions
                .run(caller, connection -> {
                    if (precondition.isImpossible()) {
                        return stale(connection, caller, workspaceId, key);
                    }
                    return precondition.absent()
                            ? create(connection, caller, workspaceId, key, change, body)
                            : change(connection, caller, workspaceId, key, change, body, precondition);
                })
                .onFailure(PgException.class)
                .transform(failure -> refusal((PgException) failure));
    }

    /** Gone already is as good as deleted. Fails with 412 for another document than it should be. */
    Uni<Void> delete(Caller caller, UUID workspaceId, String key, Precondition precondition) {
        return transactions.run(caller, connection -> repository
                .lock(connection, caller, workspaceId, key, Change.REPLACE, "null")
                .invoke(found -> {
                    if (found != null && !precondition.isMetBy(found.setting().etag())) {
                        throw Precondition.stale(found.setting().etag());
                    }
                })
                .chain(() -> repository.delete(connection, caller, workspaceId, key))
                .chain(gone -> gone.version() == null
                        ? Uni.createFrom().voidItem()
                        : audit.record(
                                connection,
                                caller,
                                gone.orgId(),
                                "settings.deleted",
                                workspaceId.toString(),
                                new JsonObject().put("key", key).put("version", gone.version()))));
    }

    /** @param created whether there was none before */
    record Changed(Setting setting, boolean created) {}

    private Uni<Changed> create(
            SqlConnection connection, Caller caller, UUID workspaceId, String key, Change change, String body) {
        return repository
                .create(connection, caller, workspaceId, key, change, body)
                .chain(written -> {
                    Setting made = written.setting();
                    return made == null
                            ? stale(connection, caller, workspaceId, key)
                            : keep(connection, caller, workspaceId, key, change, written, made);
                });
    }

    private Uni<Changed> change(
            SqlConnection connection,
            Caller caller,
            UUID workspaceId,
            String key,
            Change change,
            String body,
            Precondition precondition) {
        if (!precondition.isOfTag()) {
            return write(connection, caller, workspaceId, key, change, body);
        }
        return repository
                .lock(connection, caller, workspaceId, key, change, body)
                .chain((@Nullable Locked found) -> {
                    String etag = found == null ? null : found.setting().etag();
                    if (found != null && found.reflected()) {
                        return Uni.createFrom().item(new Changed(found.setting(), false));
                    }
                    if (!precondition.isMetBy(etag)) {
                        throw Precondition.stale(etag);
                    }
                    return write(connection, caller, workspaceId, key, change, body);
                });
    }

    private Uni<Changed> write(
            SqlConnection connection, Caller caller, UUID workspaceId, String key, Change change, String body) {
        return repository
                .write(connection, caller, workspaceId, key, change, body)
                .chain(written -> {
                    Setting now = written.setting();
                    // Not written, the row was locked all the same: what a second look sees is what was compared.
                    return now == null
                            ? present(connection, caller, workspaceId, key)
                                    .map(setting -> new Changed(Objects.requireNonNull(setting), false))
                            : keep(connection, caller, workspaceId, key, change, written, now);
                });
    }

    private <T> Uni<T> stale(SqlConnection connection, Caller caller, UUID workspaceId, String key) {
        return present(connection, caller, workspaceId, key).map(setting -> {
            throw Precondition.stale(setting == null ? null : setting.etag());
        });
    }

    private Uni<@Nullable Setting> present(SqlConnection connection, Caller caller, UUID workspaceId, String key) {
        return repository.find(connection, caller, workspaceId, key);
    }

    /** Unless it is too much; then the failure takes back what was written. */
    private Uni<Changed> keep(
            SqlConnection connection,
            Caller caller,
            UUID workspaceId,
            String key,
            Change change,
            Written written,
            Setting now) {
        if (written.bytes() > limits.maxBytes()) {
            throw SettingsBody.tooLarge("the document", (long) written.bytes(), limits.maxBytes());
        }
        boolean created = now.version() == 1;
        Uni<Void> fits = created
                ? requireRoom(connection, workspaceId)
                : Uni.createFrom().voidItem();
        return fits.chain(() -> audit.record(
                        connection,
                        caller,
                        written.orgId(),
                        change.action(),
                        workspaceId.toString(),
                        new JsonObject()
                                .put("key", key)
                                .put("version", now.version())
                                .put("bytes", written.bytes())))
                .replaceWith(new Changed(now, created));
    }

    private Uni<Void> requireRoom(SqlConnection connection, UUID workspaceId) {
        return repository.count(connection, workspaceId).map(documents -> {
            if (documents > limits.maxDocuments()) {
                throw Problem.of(
                                409,
                                "TOO_MANY_DOCUMENTS",
                                "key: the workspace has " + (documents - 1) + " documents, and may have at most "
                                        + limits.maxDocuments() + " (rollcall.settings.max-documents)")
                        .with("limit", limits.maxDocuments())
                        .with("value", documents - 1);
            }
            return null;
        });
    }

    private Throwable refusal(PgException failure) {
        return TOO_LARGE.equals(failure.getConstraint())
                ? SettingsBody.tooLarge("the document", null, limits.maxBytes())
                : failure;
    }
}
