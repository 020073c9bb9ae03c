package io.rollcall.access;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.QuarkusApplication;
import io.rollcall.schema.Tenant;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code audit verify [--heads FILE]}: reads the whole audit trail in one snapshot, a few hundred entries at a time, beside
 * a service that goes on. Writes nothing. Each fault is a line on standard error ({@code <org_id> <sequence> <what>});
 * standard output gets the heads, for {@code --heads} of a later time. {@link AuditChain} says what this finds and what
 * it cannot.
 */
@ApplicationScoped
@Unremovable
public class AuditVerify implements QuarkusApplication {

    public static final int UNREADABLE = 69;

    private static final int BROKEN = 1;
    private static final String SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ";

    private final Pool pool;
    private final AuditRepository repository;

    AuditVerify(Pool pool, AuditRepository repository) {
        this.pool = pool;
        this.repository = repository;
    }

    /** Whether the process was asked for this. */
    public static boolean isAsked(String... args) {
        return args.length > 0 && args[0].equals("audit");
    }

    /** @throws IllegalArgumentException for anything else than the usage says, and for a file that holds no heads */
    public static void check(String... args) {
        remembered(args);
    }

    @Override
    public int run(String... args) {
        var faults = new AtomicLong();
        try {
            pool.withConnection(connection -> connection
                            .query(SNAPSHOT + Tenant.PLATFORM.statement())
                            .execute()
                            .chain(() -> verify(connection, remembered(args), faults))
                            .eventually(() -> connection.query("COMMIT").execute()))
                    .await()
                    .indefinitely();
        } catch (RuntimeException e) {
            System.err.println("rollcall: the audit trail cannot be read: " + e.getMessage());
            return UNREADABLE;
        }
        return faults.get() == 0 ? 0 : BROKEN;
    }

    private Uni<Void> verify(SqlConnection connection, Map<@Nullable UUID, AuditHead> remembered, AtomicLong faults) {
        var entries = new AtomicLong();
        return repository.heads(connection).chain(heads -> {
            var chain = new AuditChain(heads, remembered, fault -> {
                faults.incrementAndGet();
                System.err.println(fault.line());
            });
            return repository
                    .chains(connection)
                    .invoke(chain::add)
                    .invoke(entries::incrementAndGet)
                    .onItem()
                    .ignoreAsUni()
                    .invoke(chain::end)
                    .chain(() -> repository.countUnsealed(connection))
                    .invoke(unsealed -> System.err.printf(
                            "rollcall: %d entries in %d chains, %d faults; %d entries not sealed yet%n",
                            entries.get(), heads.size(), faults.get(), unsealed))
                    .invoke(() -> heads.values().forEach(head -> System.out.println(head.line())))
                    .replaceWithVoid();
        });
    }

    private static Map<@Nullable UUID, AuditHead> remembered(String... args) {
        List<String> words = List.of(args);
        boolean asUsed = words.size() >= 2
                && words.get(1).equals("verify")
                && (words.size() == 2 || (words.size() == 4 && words.get(2).equals("--heads")));
        if (!asUsed) {
            throw new IllegalArgumentException("usage: rollcall audit verify [--heads FILE]");
        }
        return words.size() == 2 ? Map.of() : read(Path.of(words.get(3)));
    }

    private static Map<@Nullable UUID, AuditHead> read(Path file) {
        var heads = new HashMap<@Nullable UUID, AuditHead>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                AuditHead head = AuditHead.parse(line);
                heads.put(head.orgId(), head);
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read the heads of " + file + ": " + e.getMessage(), e);
        }
        return heads;
    }
}
