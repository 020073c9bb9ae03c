package io.rollcall.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.Sql;
import io.rollcall.TestDatabase;
import io.rollcall.http.SerialCursor;
import io.rollcall.schema.Tenant;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class AuditTest extends AuditSuite {

    @Inject
    Pool pool;

    @Inject
    AuditRepository repository;

    /** The first wall by itself: row security lets the platform see all. */
    @Test
    void aCallerOfOneOrganisationSeesNoOther() {
        UUID acme = organisation("Acme");
        UUID beta = organisation("Beta");

        assertEquals(List.of("r-3", "r-1"), requests(acme, null));
        assertEquals(List.of("r-3", "r-1"), requests(acme, acme));
        assertEquals(List.of(), requests(acme, beta));
        assertEquals(List.of("r-3", "r-2", "r-1"), requests(null, null));
    }

    private List<String> requests(UUID organisation, UUID asked) {
        return pool
                .withTransaction(connection -> Tenant.PLATFORM
                        .open(connection)
                        .chain(() -> repository.page(connection, organisation, asked, SerialCursor.decode(null), 10)))
                .await()
                .atMost(Duration.ofSeconds(10))
                .stream()
                .map(AuditEntry::requestId)
                .toList();
    }

    private static UUID organisation(String name) {
        return UUID.fromString(Sql.one("SELECT id FROM workspaces WHERE name = ?", name));
    }
}
