package io.rollcall.events;

import io.rollcall.schema.PlannedEachTime;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.SqlClient;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The SQL by which events are read. */
@ApplicationScoped
class EventRepository {

    private static final String PLACE = "SELECT s.last, s.floor, now() AS now FROM event_sequence s";

    /**
     * With the place, as of the same moment: what retention takes away meanwhile is missed by nobody unnoticed. Walks the
     * index of organisation and number: with a plain comparison the order would be that of the number alone, and a small
     * organisation's page could be looked for among everybody else's events. Ends with the one that fills it.
     */
    private static final String PAGE = """
            SELECT s.last, s.floor, now() AS now,
                   e.seq, e.org_id, e.event, e.workspace_id, e.delegation_id, e.at, e.payload, e.bytes
              FROM event_sequence s
              LEFT JOIN LATERAL (
                   SELECT c.seq, c.org_id, c.event, c.workspace_id, c.delegation_id, c.at, c.payload, c.bytes
                     FROM (SELECT p.seq, p.org_id, p.event, p.workspace_id, p.delegation_id, p.at, p.payload,
                                  sum(octet_length(p.payload)) OVER (ORDER BY p.seq) AS bytes
                             FROM (SELECT e.seq, e.org_id, e.event, e.workspace_id, e.delegation_id, e.at,
                                          e.payload::text AS payload
                                     FROM events e
                                    WHERE $CONDITION AND e.seq > $2
                                    ORDER BY $ORDER LIMIT $3) p) c
                    WHERE c.bytes - octet_length(c.payload) < $4) e ON true
             ORDER BY e.seq
            """;

    private static final String OF_ORGANISATION = PlannedEachTime.statement(
            PAGE.replace("$CONDITION", "e.org_id = ANY (ARRAY[$1::uuid]) AND ($1::uuid IS NULL OR e.org_id = $1)")
                    .replace("$ORDER", "e.org_id, e.seq"));

    /** Also what this replica tells to each of its listeners, picked out in memory. */
    private static final String OF_ALL = PlannedEachTime.statement(
            PAGE.replace("$CONDITION", "$1::uuid IS NULL").replace("$ORDER", "e.seq"));

    /**
     * Where the numbers are.
     *
     * @param last the last event's; floor: the last forgotten one's
     */
    record Place(long last, long floor, OffsetDateTime now) {}

    /**
     * Events in their order, and the place as of the same moment.
     *
     * @param more whether it ends where it is full, so that there may be more
     */
    record Page(Place place, List<Event> events, boolean more) {}

    Uni<Place> place(SqlClient client) {
        return client.preparedQuery(PLACE).execute().map(EventRepository::place);
    }

    /**
     * @param organisation null: of all
     * @param limit how many events at most
     * @param bytes of payloads, after which a page ends
     */
    Uni<Page> page(SqlClient client, @Nullable UUID organisation, long after, int limit, long bytes) {
        Tuple values = Tuple.tuple()
                .addUUID(organisation)
                .addLong(after)
                .addInteger(limit)
                .addLong(bytes);
        return client.preparedQuery(organisation == null ? OF_ALL : OF_ORGANISATION)
                .execute(values)
                .map(rows -> page(rows, limit, bytes));
    }

    private static Page page(RowSet<Row> rows, int limit, long bytes) {
        List<Row> found =
                rows.stream().filter(row -> row.getLong("seq") != null).toList();
        boolean full = found.size() == limit
                || (!found.isEmpty() && found.get(found.size() - 1).getLong("bytes") >= bytes);
        return new Page(place(rows), found.stream().map(EventRepository::event).toList(), full);
    }

    private static Place place(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Place(row.getLong("last"), row.getLong("floor"), row.getOffsetDateTime("now"));
    }

    private static Event event(Row row) {
        @Nullable UUID workspace = row.getUUID("workspace_id");
        return new Event(
                row.getLong("seq"),
                row.getString("event"),
                row.getUUID("org_id"),
                workspace,
                row.getString("delegation_id"),
                row.getOffsetDateTime("at"),
                row.getString("payload"));
    }
}
