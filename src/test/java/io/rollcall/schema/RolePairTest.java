package io.rollcall.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Misconfigured;
import io.rollcall.Superuser;
import io.rollcall.TestDatabase;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pair that separates nothing is refused, and the SQL that the refusal names mends it. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class RolePairTest {

    private static final String REFUSED =
            "with ROLLCALL_DATABASE_OWNER_URL the role that serves (rollcall) may own nothing,"
                    + " and the other one (rollcall_owner) owns all: ";
    private static final String MEND = "To mend it, as a superuser in the database rollcall: ";

    @Inject
    RolePair pair;

    @Inject
    ServingRights rights;

    private Superuser sql;

    @BeforeEach
    void connect() {
        sql = Superuser.connect();
    }

    @AfterEach
    void end() {
        check();
        // A change of owners takes them along.
        rights.give().await().atMost(Duration.ofSeconds(30));
        sql.close();
    }

    @Test
    void aServingRoleThatOwnsTables() {
        sql.execute("ALTER TABLE workspaces OWNER TO rollcall");
        sql.execute("ALTER TABLE audit_log OWNER TO rollcall");

        assertRefusedUntilMended(
                "audit_log, workspaces belongs to rollcall", "REASSIGN OWNED BY rollcall TO rollcall_owner");
    }

    @Test
    void aServingRoleThatCanBecomeTheOwner() {
        sql.execute("GRANT rollcall_owner TO rollcall");

        assertRefusedUntilMended(
                "rollcall is a member of rollcall_owner; rollcall may create and drop in the schema public",
                "REVOKE rollcall_owner FROM rollcall; ALTER DATABASE rollcall OWNER TO rollcall_owner");
    }

    @Test
    void aServingRoleThatOwnsTheDatabaseAndSoItsSchema() {
        sql.execute("GRANT CREATE ON SCHEMA public TO rollcall_owner");
        sql.execute("ALTER DATABASE rollcall OWNER TO rollcall");
        try {
            assertRefusedUntilMended(
                    "rollcall may create and drop in the schema public",
                    "ALTER DATABASE rollcall OWNER TO rollcall_owner");
        } finally {
            sql.execute("REVOKE CREATE ON SCHEMA public FROM rollcall_owner");
        }
    }

    @Test
    void aSchemaInWhichEverybodyMayCreate() {
        sql.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");

        assertRefusedUntilMended(
                "rollcall may create and drop in the schema public",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC, rollcall");
    }

    @Test
    void anOwnerWhoCannotMigrate() {
        sql.execute("ALTER DATABASE rollcall OWNER TO postgres");
        try {
            assertRefusedUntilMended(
                    "rollcall_owner may not create in the schema public",
                    "GRANT CREATE ON SCHEMA public TO rollcall_owner");
        } finally {
            sql.execute("REVOKE CREATE ON SCHEMA public FROM rollcall_owner");
            sql.execute("ALTER DATABASE rollcall OWNER TO rollcall_owner");
        }
    }

    private void assertRefusedUntilMended(String faults, String remedies) {
        var refused = assertThrows(Misconfigured.class, this::check);
        try {
            assertEquals(REFUSED + faults + ". " + MEND + remedies, refused.getMessage());
        } finally {
            sql.execute(remedies);
        }
        check();
    }

    private void check() {
        pair.check().await().atMost(Duration.ofSeconds(30));
    }
}
