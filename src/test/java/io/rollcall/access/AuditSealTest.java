package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Answer;
import io.rollcall.Api;
import io.rollcall.Await;
import io.rollcall.Call;
import io.rollcall.ParkedInserts;
import io.rollcall.Race;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import io.rollcall.schema.Tenant;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Entries are sealed after their commit, whoever else writes or seals meanwhile. The scheduled job runs beside all this. */
@Tag("full")
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuditSealTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String UNSEALED = "SELECT count(*) FROM audit_log WHERE sequence IS NULL";
    private static final String ENTRY = "INSERT INTO audit_log (org_id, actor, action, target, request_id, detail) ";

    @Inject
    AuditSeal seal;

    @Inject
    AuditRepository repository;

    @Inject
    Pool pool;

    @BeforeEach
    void emptyTree() {
        Api.emptyTheDatabase();
    }

    @Test
    void whatWasWrittenIsSealedByItself() {
        String acme = create("Acme", null).id();
        create("Dev", acme);
        create("Beta", null);

        awaitSealed();

        assertEquals(
                List.of("Acme 1", "Acme 2", "Beta 1"),
                Sql.rows("SELECT w.name || ' ' || a.sequence FROM audit_log a JOIN workspaces w ON w.id = a.org_id"
                        + " ORDER BY a.id"));
        assertEquals(
                List.of("Acme 2", "Beta 1"),
                Sql.rows("SELECT w.name || ' ' || h.sequence FROM audit_heads h JOIN workspaces w ON w.id = h.org_id"
                        + " ORDER BY 1"));
        assertEquals(List.of(), faults());
    }

    /** The form as docs/adr/0007 gives it, computed by PostgreSQL. */
    @Test
    void theSealIsTheHashOfWhatTheDatabaseHolds() {
        Sql.run(ENTRY + "VALUES (NULL, 'Zoë', '', E'c\\n', 'd', '{\"b\": [1.0, \"é\"], \"a\": null}')");

        awaitSealed();

        assertEquals("t", Sql.one("""
                SELECT sha256 = sha256(decode(repeat('00', 32), 'hex')
                       || (SELECT string_agg(CASE WHEN f.text IS NULL THEN int4send(-1)
                                                  ELSE int4send(octet_length(convert_to(f.text, 'UTF8')))
                                                       || convert_to(f.text, 'UTF8') END, '' ORDER BY f.place)
                             FROM unnest(ARRAY[id::text, org_id::text, actor, action, target, request_id,
                                               (extract(epoch FROM at) * 1000000)::bigint::text, detail::text])
                                  WITH ORDINALITY AS f (text, place)))
                  FROM audit_log
                """));
    }

    @Test
    void writersOfTheSameOrganisationDoNotWaitForASealerThatHoldsItsLocks() {
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, "audit_heads", "AFTER", 1)) {
            String acme = create("Acme", null).id();
            parked.awaitParked();

            String dev = create("Dev", acme).id();
            Call.patch("/workspaces/" + dev, "{\"tier\": 2}").expect(200);

            assertTrue(parked.isParked());
            assertEquals("3", Sql.one(UNSEALED));
        }
        awaitSealed();
        assertEquals(List.of(), faults());
    }

    @Test
    void whileOneSealsAnotherHasNothingToDo() {
        try (Superuser sql = Superuser.connect();
                ParkedInserts parked = ParkedInserts.park(sql, "audit_heads", "AFTER", 1)) {
            create("Acme", null);
            parked.awaitParked();

            seal.seal().await().atMost(LIMIT);

            assertTrue(parked.isParked());
            assertEquals("1", Sql.one(UNSEALED));
        }
        awaitSealed();
        assertEquals(List.of("1"), Sql.rows("SELECT sequence FROM audit_log"));
    }

    @Test
    void manyWritersAndSealersAtOnceMakeOneChainForEachOrganisation() {
        List<String> organisations =
                List.of(create("A", null).id(), create("B", null).id());
        var tasks = new ArrayList<Callable<Integer>>();
        for (int writer = 0; writer < 8; writer++) {
            String name = "w" + writer + "-";
            String organisation = organisations.get(writer % 2);
            tasks.add(() -> {
                for (int i = 0; i < 25; i++) {
                    create(name + i, organisation);
                }
                return 25;
            });
        }
        for (int sealer = 0; sealer < 3; sealer++) {
            tasks.add(() -> {
                for (int i = 0; i < 20; i++) {
                    seal.seal().await().atMost(LIMIT);
                }
                return 0;
            });
        }

        Race.run(tasks);

        awaitSealed();
        assertEquals(
                List.of("101|101|101", "101|101|101"),
                Sql.rows("SELECT count(*), count(DISTINCT a.sequence), max(a.sequence) FROM audit_log a"
                        + " GROUP BY org_id"));
        assertEquals(List.of(), faults());
    }

    @Test
    void anEntryThatWasCommittedLateComesLater() throws SQLException {
        try (Connection late = TestDatabase.connect();
                Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute(ENTRY + "VALUES (NULL, 'late', 'b', 'c', 'd', '{}')");
            Sql.run(ENTRY + "VALUES (NULL, 'soon', 'b', 'c', 'd', '{}')");
            awaitSealed();

            late.commit();
        }
        awaitSealed();

        assertEquals(List.of("late|2", "soon|1"), Sql.rows("SELECT actor, sequence FROM audit_log ORDER BY id"));
        assertEquals(List.of(), faults());
    }

    @Test
    void aTailThatWasCutOffStaysAGapForEver() {
        String acme = create("Acme", null).id();
        create("Dev", acme);
        create("Ops", acme);
        awaitSealed();
        try (Superuser sql = Superuser.connect()) {
            sql.withoutTriggers("DELETE FROM audit_log WHERE sequence > 1");
        }

        create("Later", acme);
        awaitSealed();

        assertEquals(List.of("1", "4"), Sql.rows("SELECT sequence FROM audit_log ORDER BY id"));
        assertEquals(List.of(acme + " 2 to 3 are missing"), faults());
    }

    @Test
    void twoStatementsWriteABatchHoweverManyEntriesAndOrganisationsItHas() {
        try (Superuser sealer = Superuser.connectAsSealer()) {
            Sql.run(ENTRY + """
                    SELECT CASE WHEN n % 7 > 0 THEN ('00000000-0000-7000-8000-00000000000' || n % 7)::uuid END,
                           'a', 'b', n::text, 'd', '{}' FROM generate_series(1, 1200) n
                    """);
            sealer.execute("CREATE SEQUENCE test_statements");
            sealer.execute("CREATE FUNCTION test_count() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
                    + " $$ BEGIN PERFORM nextval('test_statements'); RETURN NULL; END $$");
            for (String table : List.of("audit_log", "audit_heads")) {
                sealer.execute("CREATE TRIGGER test_count BEFORE UPDATE ON " + table
                        + " FOR EACH STATEMENT EXECUTE FUNCTION test_count()");
            }
        }
        awaitSealed();

        try (Superuser sql = Superuser.connect()) {
            long statements = sql.number("SELECT last_value FROM test_statements");
            sql.execute("DROP FUNCTION test_count() CASCADE");
            sql.execute("DROP SEQUENCE test_statements");
            assertEquals(2 * 3, statements);
        }
        assertEquals(
                "7|1200", Sql.one("SELECT count(*), sum(sequence) FROM audit_heads"), "one head for each organisation");
        assertEquals(List.of(), faults());
    }

    private static void awaitSealed() {
        Await.until("all is sealed", () -> Sql.count(UNSEALED) == 0);
    }

    private List<String> faults() {
        var found = new ArrayList<String>();
        pool.withTransaction(connection -> Tenant.PLATFORM
                        .open(connection)
                        .chain(() -> repository.heads(connection))
                        .chain(heads -> {
                            var chain = new AuditChain(heads, Map.of(), fault -> found.add(fault.line()));
                            return repository
                                    .chains(connection)
                                    .invoke(chain::add)
                                    .onItem()
                                    .ignoreAsUni()
                                    .invoke(chain::end);
                        }))
                .await()
                .atMost(LIMIT);
        return found;
    }

    private static Answer create(String name, String parentId) {
        String parent = parentId == null ? "" : ",\"parent_id\":\"" + parentId + "\"";
        return Call.post("/workspaces", "{\"name\":\"" + name + "\"" + parent + "}")
                .expect(201);
    }
}
