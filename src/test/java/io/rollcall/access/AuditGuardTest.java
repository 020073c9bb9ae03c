package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Api;
import io.rollcall.Sql;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What raw SQL can do to the audit trail under the service's own role, which owns the tables: seal, and nothing else. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuditGuardTest {

    private static final String REFUSED = "RC101";
    private static final String CHECK_VIOLATION = "23514";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String ALL =
            "SELECT a::text FROM audit_log a UNION ALL SELECT h::text FROM audit_heads h ORDER BY 1";

    private Superuser sealer;

    /** Entry 1 is sealed, entries 2 and 3 are not. */
    @BeforeEach
    void threeEntries() {
        Api.emptyTheDatabase();
        sealer = Superuser.connectAsSealer();
        Sql.run("""
                INSERT INTO audit_log (actor, action, target, request_id, detail)
                SELECT 'a', 'b', 'c', 'd', '{"n": 1}' FROM generate_series(1, 3)
                """);
        assertEquals("accepted", Sql.refusal("UPDATE audit_log SET sequence = 1, sha256 = sha256('x') WHERE id = 1"));
        Sql.run("INSERT INTO audit_heads (sequence, sha256) VALUES (1, sha256('x'))");
    }

    @AfterEach
    void end() {
        sealer.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE audit_log SET actor = 'nobody' WHERE id = 1",
                "UPDATE audit_log SET actor = 'nobody' WHERE id = 2",
                "UPDATE audit_log SET detail = '{}'",
                "UPDATE audit_log SET actor = 'nobody', sequence = 2, sha256 = sha256('y') WHERE id = 2",
                "UPDATE audit_log SET detail = '{\"n\": 1.0}', sequence = 2, sha256 = sha256('y') WHERE id = 2",
                "UPDATE audit_log SET at = now(), sequence = 2, sha256 = sha256('y') WHERE id = 2",
                "UPDATE audit_log SET actor = actor WHERE id = 2",
                "UPDATE audit_log SET sequence = 2, sha256 = sha256('y') WHERE id = 1",
                "UPDATE audit_log SET sha256 = sha256('y') WHERE id = 1",
                "UPDATE audit_log SET sequence = NULL, sha256 = NULL WHERE id = 1",
                "DELETE FROM audit_log WHERE id = 1",
                "DELETE FROM audit_log WHERE id = 2",
                "TRUNCATE audit_log",
                "UPDATE audit_heads SET sha256 = sha256('y')",
                "UPDATE audit_heads SET sequence = 1",
                "UPDATE audit_heads SET sequence = 2, org_id = gen_random_uuid()",
                "DELETE FROM audit_heads",
                "TRUNCATE audit_heads"
            })
    void everyOtherChangeIsRefused(String sql) {
        List<String> before = Sql.rows(ALL);

        assertEquals(REFUSED, Sql.refusal(sql));
        assertEquals(before, Sql.rows(ALL));
    }

    @Test
    void aSealIsWholeAndItsPlaceIsTakenOnce() {
        assertEquals(CHECK_VIOLATION, Sql.refusal("UPDATE audit_log SET sequence = 2 WHERE id = 2"));
        assertEquals(CHECK_VIOLATION, Sql.refusal("UPDATE audit_log SET sequence = 2, sha256 = 'x' WHERE id = 2"));
        assertEquals(
                CHECK_VIOLATION, Sql.refusal("UPDATE audit_log SET sequence = 0, sha256 = sha256('x') WHERE id = 2"));
        assertEquals(
                UNIQUE_VIOLATION,
                Sql.refusal("UPDATE audit_log SET sequence = 1, sha256 = sha256('y') WHERE id = 2"),
                "the platform's chain, whose org_id is null");
    }

    @Test
    void aChainHasOneHeadThatMovesForward() {
        assertEquals(
                UNIQUE_VIOLATION, Sql.refusal("INSERT INTO audit_heads (sequence, sha256) VALUES (1, sha256('y'))"));
        assertEquals("accepted", Sql.refusal("UPDATE audit_heads SET sequence = 5, sha256 = sha256('y')"));
    }
}
