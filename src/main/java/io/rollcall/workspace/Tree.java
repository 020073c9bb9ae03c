package io.rollcall.workspace;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.http.Ids;
import io.rollcall.http.Limits;
import io.rollcall.http.Problem;
import io.rollcall.http.Texts;
import io.rollcall.http.Violation;
import io.rollcall.schema.ImportIndex;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import io.vertx.pgclient.PgException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Changes to single nodes of the tree. The database decides: names by {@link ImportIndex#NAME}, cycles and tombstones by
 * the trigger {@code workspaces_guard}; this class says what it decided. Every method runs in the given transaction.
 */
@ApplicationScoped
class Tree {

    private static final int HIGHEST_SUFFIX = 20;
    private static final int ATTEMPTS = 20;
    private static final String CYCLE = "RC003";
    /** A row that is its own parent, and a root that gets one: in its own organisation that can only be a descendant. */
    private static final Set<String> OWN_PARENT =
            Set.of("workspaces_not_its_own_parent", "workspaces_root_is_its_organisation");

    private static final String UNIQUE_VIOLATION = "23505";

    private final WorkspaceRepository repository;
    private final Tombstones tombstones;
    private final Audit audit;
    private final Limits limits;
    private final int maxDepth;

    Tree(
            WorkspaceRepository repository,
            Tombstones tombstones,
            Audit audit,
            Limits limits,
            @ConfigProperty(name = "rollcall.import.max-depth") int maxDepth) {
        this.repository = repository;
        this.tombstones = tombstones;
        this.audit = audit;
        this.limits = limits;
        this.maxDepth = maxDepth;
    }

    /** Fails with 404 for an unknown parent, 409 when the name and its nineteen suffixed forms are taken. */
    Uni<Workspace> create(SqlConnection connection, Caller caller, NewWorkspace fresh) {
        UUID id = Ids.next();
        UUID parentId = fresh.parentId() == null ? caller.organisation() : fresh.parentId();
        Uni<UUID> organisation = parentId == null
                ? Uni.createFrom().item(id)
                : live(connection, caller, parentId)
                        .call(parent -> requireDepth(connection, parent.id(), 1))
                        .map(Workspace::orgId);
        return organisation
                .chain(orgId -> insert(connection, id, orgId, parentId, fresh, ATTEMPTS)
                        .call(() -> audit.record(
                                connection, caller, orgId, "workspace.created", id.toString(), new JsonObject())))
                .chain(() -> live(connection, caller, id));
    }

    /** Fails with 410 for a tombstone, 412 when {@code ifMatch} is stale, 409, 422 as the database decides. */
    Uni<Workspace> change(
            SqlConnection connection, Caller caller, UUID id, WorkspacePatch patch, @Nullable String ifMatch) {
        return lock(connection, caller, id, ifMatch).chain(before -> {
            UUID target = Objects.requireNonNullElse(patch.parentId(), before.id());
            boolean moved = patch.parentId() != null && !target.equals(before.parentId());
            boolean renamed = patch.name() != null && !patch.name().equals(before.name());
            Uni<Void> allowed = moved ? requireSameOrganisation(connection, caller, before, target) : done();
            return allowed.chain(() -> repository.update(connection, id, patch, moved || renamed))
                    .onFailure(PgException.class)
                    .transform(failure -> refusal((PgException) failure, patch))
                    .call(() -> moved ? requireFits(connection, id) : done())
                    .call(() -> audit.record(
                            connection,
                            caller,
                            before.orgId(),
                            moved ? "workspace.moved" : "workspace.changed",
                            id.toString(),
                            moved
                                    ? new JsonObject()
                                            .put("from", String.valueOf(before.parentId()))
                                            .put("to", target.toString())
                                    : new JsonObject()))
                    .chain(() -> live(connection, caller, id));
        });
    }

    /**
     * @param confirmName the name as the caller typed it, as it is or percent-encoded
     * @param confirmed whether the caller agreed to lose what is below
     * @return how many nodes below were removed along with it
     */
    Uni<Integer> remove(
            SqlConnection connection,
            Caller caller,
            UUID id,
            @Nullable String confirmName,
            boolean confirmed,
            @Nullable String ifMatch) {
        return lock(connection, caller, id, ifMatch).chain(workspace -> {
            if (!isName(confirmName, workspace.name())) {
                throw Problem.malformed("X-Confirm-Name", "must be the name of the workspace to remove");
            }
            Uni<List<Child>> children = repository.children(connection, workspace);
            return children.chain(below -> {
                if (!below.isEmpty() && !confirmed) {
                    throw Problem.of(
                                    409,
                                    "HAS_CHILDREN",
                                    "the workspace has " + workspace.childrenCount()
                                            + " children, which would be removed too; repeat with ?confirm=true")
                            .with("children_count", workspace.childrenCount())
                            .with("children", below);
                }
                // Unconfirmed, a child that appears after the look is not taken along: the foreign key refuses, and
                // the transaction, run again, finds it.
                Uni<List<UUID>> doomed = confirmed
                        ? tombstones.subtree(connection, id)
                        : Uni.createFrom().item(List.of(id));
                return doomed.chain(nodes -> tombstones.remove(connection, nodes))
                        .call(removed -> audit.record(
                                connection,
                                caller,
                                workspace.orgId(),
                                "workspace.removed",
                                id.toString(),
                                new JsonObject().put("cascade_deleted", removed - 1)))
                        .map(removed -> removed - 1);
            });
        });
    }

    /** Fails with 404 when unknown, 410 with the time of removal for a tombstone. */
    Uni<Workspace> live(SqlConnection connection, Caller caller, UUID id) {
        return repository.find(connection, caller, id).map(found -> requireLive(found, id));
    }

    static Workspace requireLive(@Nullable Workspace found, UUID id) {
        if (found == null) {
            throw Problem.notFound("workspace", id);
        }
        if (found.isRemoved()) {
            throw Problem.of(410, "REMOVED", "workspace " + id + " was removed; ?include_removed=true shows it")
                    .with("id", id)
                    .with("removed_at", Objects.requireNonNull(found.removedAt()));
        }
        return found;
    }

    private Uni<Workspace> lock(SqlConnection connection, Caller caller, UUID id, @Nullable String ifMatch) {
        return repository.lock(connection, caller, id).map(found -> {
            Workspace workspace = requireLive(found, id);
            if (ifMatch != null
                    && !ifMatch.strip().equals("*")
                    && !List.of(ifMatch.split("\\s*,\\s*")).contains(workspace.etag())) {
                throw Problem.of(412, "STALE", "the workspace has changed since; read it again")
                        .header("ETag", workspace.etag());
            }
            return workspace;
        });
    }

    private Uni<Void> insert(
            SqlConnection connection, UUID id, UUID orgId, @Nullable UUID parentId, NewWorkspace fresh, int attempts) {
        return repository
                .insert(connection, id, orgId, parentId, fresh, candidates(fresh.name()))
                .chain(written -> {
                    if (written) {
                        return done();
                    }
                    // A twin took the name between the look and the insert, or all of them are taken.
                    return attempts > 1
                            ? insert(connection, id, orgId, parentId, fresh, attempts - 1)
                            : Uni.createFrom().failure(nameTaken(fresh.name() + " and its suffixed forms"));
                });
    }

    private String[] candidates(String name) {
        String[] names = new String[HIGHEST_SUFFIX];
        names[0] = name;
        for (int n = 2; n <= HIGHEST_SUFFIX; n++) {
            String suffix = " (" + n + ")";
            names[n - 1] = Texts.cut(name, limits.name() - suffix.length()) + suffix;
        }
        return names;
    }

    private Uni<Void> requireSameOrganisation(
            SqlConnection connection, Caller caller, Workspace workspace, UUID target) {
        return repository.find(connection, caller, target).map(parent -> {
            if (parent == null || parent.isRemoved() || !parent.orgId().equals(workspace.orgId())) {
                throw Problem.notFound("workspace", target);
            }
            return null;
        });
    }

    private Uni<Void> requireFits(SqlConnection connection, UUID id) {
        return repository.height(connection, id).chain(height -> requireDepth(connection, id, height - 1));
    }

    private Uni<Void> requireDepth(SqlConnection connection, UUID id, int levelsBelow) {
        return repository.depth(connection, id).map(depth -> {
            if (depth + levelsBelow > maxDepth) {
                throw Problem.invalid(List.of(new Violation(
                        "parent_id",
                        "the tree would be " + (depth + levelsBelow) + " levels deep; the limit is " + maxDepth)));
            }
            return null;
        });
    }

    private static Throwable refusal(PgException failure, WorkspacePatch patch) {
        if (CYCLE.equals(failure.getSqlState()) || OWN_PARENT.contains(String.valueOf(failure.getConstraint()))) {
            return Problem.of(422, "CYCLE", "a workspace cannot be moved below itself");
        }
        if (UNIQUE_VIOLATION.equals(failure.getSqlState()) && ImportIndex.NAME.equals(failure.getConstraint())) {
            return nameTaken(Objects.requireNonNullElse(patch.name(), "the name"));
        }
        return failure;
    }

    private static Problem nameTaken(String name) {
        return Problem.of(409, "NAME_TAKEN", "a sibling has this name already: " + name);
    }

    private static boolean isName(@Nullable String typed, String name) {
        if (typed == null) {
            return false;
        }
        if (typed.equals(name)) {
            return true;
        }
        try {
            return URLDecoder.decode(typed.replace("+", "%2B"), StandardCharsets.UTF_8)
                    .equals(name);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
