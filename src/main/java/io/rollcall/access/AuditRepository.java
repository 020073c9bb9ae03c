package io.rollcall.access;

import io.rollcall.http.SerialCursor;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The audit trail as it is read and sealed: SQL and rows. Hashes are hex here and bytes there. */
@ApplicationScoped
class AuditRepository {

    private static final int FETCHED_AT_ONCE = 500;

    private static final String COLUMNS = """
            id, org_id, actor, action, target, request_id, at, detail::text AS detail, sequence,
            encode(sha256, 'hex') AS sha256
            """;

    private static final String PAGE = "SELECT " + COLUMNS + " FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2";

    /** Not one statement with {@code $3 IS NULL OR}: a plan that fits both reads the whole trail for either. */
    private static final String PAGE_OF = "SELECT " + COLUMNS + """
             FROM audit_log WHERE org_id = $3 AND id < $1 AND ($4::uuid IS NULL OR org_id = $4)
            ORDER BY id DESC LIMIT $2
            """;

    private static final String UNSEALED =
            "SELECT " + COLUMNS + " FROM audit_log WHERE sequence IS NULL ORDER BY id LIMIT $1";

    private static final String COUNT_UNSEALED = "SELECT count(*) AS entries FROM audit_log WHERE sequence IS NULL";

    private static final String CHAINS =
            "SELECT " + COLUMNS + " FROM audit_log WHERE sequence IS NOT NULL ORDER BY org_id, sequence";

    private static final String HEADS =
            "SELECT org_id, sequence, encode(sha256, 'hex') AS sha256 FROM audit_heads ORDER BY org_id";

    private static final String HEADS_OF = """
            SELECT org_id, sequence, encode(sha256, 'hex') AS sha256 FROM audit_heads
             WHERE org_id = ANY ($1::uuid[]) OR org_id IS NULL
            """;

    /** Until the transaction's end; whoever does not get it has nothing to do. */
    private static final String TAKE_SEAL =
            "SELECT pg_try_advisory_xact_lock(hashtextextended('rollcall audit seal', 0)) AS taken";

    private static final String SEAL = """
            UPDATE audit_log a SET sequence = s.sequence, sha256 = decode(s.sha256, 'hex')
              FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS s (id, sequence, sha256)
             WHERE a.id = s.id
            """;

    private static final String MOVE_HEADS = """
            INSERT INTO audit_heads (org_id, sequence, sha256)
            SELECT h.org_id, h.sequence, decode(h.sha256, 'hex')
              FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS h (org_id, sequence, sha256)
            ON CONFLICT (org_id) DO UPDATE
               SET sequence = excluded.sequence, sha256 = excluded.sha256, sealed_at = excluded.sealed_at
            """;

    /**
     * One more than the limit, so that the caller knows whether there is a next page.
     *
     * @param organisation the caller's; null: everybody's
     * @param asked of which the caller wants to see it; null: of all that are the caller's
     */
    Uni<List<AuditEntry>> page(
            SqlClient client, @Nullable UUID organisation, @Nullable UUID asked, SerialCursor before, int limit) {
        UUID one = organisation == null ? asked : organisation;
        var page = one == null
                ? client.preparedQuery(PAGE).execute(Tuple.of(before.id(), limit + 1))
                : client.preparedQuery(PAGE_OF).execute(Tuple.of(before.id(), limit + 1, one, asked));
        return page.map(AuditRepository::entries);
    }

    Uni<Boolean> takeSeal(SqlClient client) {
        return client.query(TAKE_SEAL)
                .execute()
                .map(rows -> rows.iterator().next().getBoolean("taken"));
    }

    /** Committed entries that no seal has reached, oldest first. */
    Uni<List<AuditEntry>> unsealed(SqlClient client, int limit) {
        return client.preparedQuery(UNSEALED).execute(Tuple.of(limit)).map(AuditRepository::entries);
    }

    Uni<Long> countUnsealed(SqlClient client) {
        return client.query(COUNT_UNSEALED)
                .execute()
                .map(rows -> rows.iterator().next().getLong("entries"));
    }

    /** Every sealed entry, chain after chain. Needs a transaction for its cursor. */
    Multi<AuditEntry> chains(SqlConnection connection) {
        return connection
                .prepare(CHAINS)
                .onItem()
                .transformToMulti(
                        statement -> statement.createStream(FETCHED_AT_ONCE).toMulti())
                .map(AuditRepository::entry);
    }

    Uni<Map<@Nullable UUID, AuditHead>> heads(SqlClient client) {
        return client.query(HEADS).execute().map(AuditRepository::byOrganisation);
    }

    /** The heads of these organisations, and the platform's. */
    Uni<Map<@Nullable UUID, AuditHead>> headsOf(SqlClient client, List<UUID> organisations) {
        return client.preparedQuery(HEADS_OF)
                .execute(Tuple.of(organisations.toArray(UUID[]::new)))
                .map(AuditRepository::byOrganisation);
    }

    Uni<Void> seal(SqlClient client, List<AuditEntry> sealed) {
        Tuple values = Tuple.of(
                sealed.stream().map(AuditEntry::id).toArray(Long[]::new),
                sealed.stream().map(AuditEntry::sequence).toArray(Long[]::new),
                sealed.stream().map(AuditEntry::sha256).toArray(String[]::new));
        return client.preparedQuery(SEAL).execute(values).replaceWithVoid();
    }

    Uni<Void> moveHeads(SqlClient client, Collection<AuditHead> heads) {
        Tuple values = Tuple.of(
                heads.stream().map(AuditHead::orgId).toArray(UUID[]::new),
                heads.stream().map(AuditHead::sequence).toArray(Long[]::new),
                heads.stream().map(AuditHead::sha256).toArray(String[]::new));
        return client.preparedQuery(MOVE_HEADS).execute(values).replaceWithVoid();
    }

    private static Map<@Nullable UUID, AuditHead> byOrganisation(RowSet<Row> rows) {
        var heads = new HashMap<@Nullable UUID, AuditHead>();
        rows.forEach(row -> heads.put(
                row.getUUID("org_id"),
                new AuditHead(row.getUUID("org_id"), row.getLong("sequence"), row.getString("sha256"))));
        return heads;
    }

    private static List<AuditEntry> entries(RowSet<Row> rows) {
        return rows.stream().map(AuditRepository::entry).toList();
    }

    private static AuditEntry entry(Row row) {
        return new AuditEntry(
                row.getLong("id"),
                row.getUUID("org_id"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                row.getString("request_id"),
                row.getOffsetDateTime("at"),
                row.getString("detail"),
                row.getLong("sequence"),
                row.getString("sha256"));
    }
}
