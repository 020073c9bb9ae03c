package io.rollcall.organisation;

import io.rollcall.access.Audit;
import io.rollcall.access.Caller;
import io.rollcall.http.Problem;
import io.rollcall.http.Violation;
import io.rollcall.workspace.Tombstones;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.sqlclient.SqlConnection;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Imports an organisation: the one way in.
 *
 * <p>One transaction, so never a half tree. Level by level from the top: one {@code INSERT … ON CONFLICT DO NOTHING
 * RETURNING id} of the whole level, then one re-select of what was skipped, whose children are resolved under the
 * existing ids. Statements grow with the depth of the tree, not with its size. A row that vanishes between the two is
 * inserted again, a bounded number of times. N identical imports at once, in whatever order of siblings, wait for each
 * other key by key in one order and all answer the same ids.
 *
 * <p>A dry run makes the same look-ups and no write but the record of itself. Positions on the canvas are written when a
 * node is created and never again: from then on they belong to the person at the canvas.
 */
@ApplicationScoped
class OrgImporter {

    private final TreeRepository tree;
    private final ImportRuns runs;
    private final Tombstones tombstones;
    private final Environment environment;
    private final Audit audit;
    private final ImportSettings settings;

    OrgImporter(
            TreeRepository tree,
            ImportRuns runs,
            Tombstones tombstones,
            Environment environment,
            Audit audit,
            ImportSettings settings) {
        this.tree = tree;
        this.runs = runs;
        this.tombstones = tombstones;
        this.environment = environment;
        this.audit = audit;
        this.settings = settings;
    }

    /**
     * Runs in the given transaction; may be run again from the start when that is retried.
     *
     * @return what was done with every node. Fails with a {@link Problem}: 412 for missing environment, 409 for a parent
     *     that is not there, too many removals ({@code RECONCILE_LIMIT}) or a row that kept vanishing
     */
    Uni<ImportResult> run(SqlConnection connection, Caller caller, ImportRequest request) {
        environment.require(request.template());
        return attachPoint(connection, caller, request).chain(attach -> {
            var plan = new ImportPlan(request.template(), attach);
            requireDepth(attach, plan);
            return levels(connection, plan, request, 0)
                    .chain(() -> changes(connection, plan, request))
                    .chain(() -> removals(connection, plan, request, attach))
                    .chain(removals -> record(connection, caller, plan, request, removals)
                            .replaceWith(() -> result(plan, request, removals)));
        });
    }

    private Uni<@Nullable AttachPoint> attachPoint(SqlConnection connection, Caller caller, ImportRequest request) {
        if (request.parentId() == null) {
            return Uni.createFrom().nullItem();
        }
        return tree.attachPoint(connection, caller, request.parentId()).invoke(found -> {
            if (found == null) {
                throw Problem.of(409, "PARENT_NOT_FOUND", "parent_id: no workspace " + request.parentId());
            }
        });
    }

    private void requireDepth(@Nullable AttachPoint attach, ImportPlan plan) {
        int depth = plan.depth() + (attach == null ? 0 : attach.depth());
        if (depth > settings.maxDepth()) {
            throw Problem.invalid(List.of(new Violation(
                    "parent_id",
                    "the tree would be " + depth + " levels deep; the limit is " + settings.maxDepth()
                            + " (rollcall.import.max-depth)")));
        }
    }

    private Uni<Void> levels(SqlConnection connection, ImportPlan plan, ImportRequest request, int index) {
        if (index == plan.depth()) {
            return done();
        }
        List<Node> level = plan.level(index);
        Uni<Void> resolved = request.dryRun()
                ? lookUp(connection, plan, level)
                : insertOrFind(connection, plan, level, request, settings.attempts());
        return resolved.chain(() -> levels(connection, plan, request, index + 1));
    }

    /** Below a node that does not exist there is nothing to look up. */
    private Uni<Void> lookUp(SqlConnection connection, ImportPlan plan, List<Node> level) {
        List<Node> under = level.stream()
                .filter(node -> node.parent == null || node.parent.exists())
                .toList();
        return under.isEmpty() ? done() : tree.resolve(connection, plan, under).replaceWithVoid();
    }

    private Uni<Void> insertOrFind(
            SqlConnection connection, ImportPlan plan, List<Node> sorted, ImportRequest request, int attempts) {
        return tree.insert(connection, plan, sorted, request).chain(written -> {
            List<Node> skipped = without(sorted, written);
            if (skipped.isEmpty()) {
                return done();
            }
            return tree.resolve(connection, plan, skipped).chain(vanished -> {
                if (vanished.isEmpty()) {
                    return done();
                }
                if (attempts == 1) {
                    throw contention();
                }
                return insertOrFind(connection, plan, vanished, request, attempts - 1);
            });
        });
    }

    static Problem contention() {
        return Problem.of(
                        409,
                        "IMPORT_CONTENTION",
                        "workspaces of this template kept changing while it was imported; nothing was written, try again")
                .header("Retry-After", "1");
    }

    private static List<Node> without(List<Node> nodes, Set<UUID> written) {
        return written.size() == nodes.size()
                ? List.of()
                : nodes.stream().filter(node -> !written.contains(node.id)).toList();
    }

    private Uni<Void> changes(SqlConnection connection, ImportPlan plan, ImportRequest request) {
        List<Node> existing = plan.existing();
        if (request.mode() == ImportMode.MERGE || existing.isEmpty()) {
            return done();
        }
        return tree.compare(connection, existing).chain(() -> {
            List<Node> changed = existing.stream()
                    .filter(node -> node.action == Action.UPDATED)
                    .toList();
            changed.stream()
                    .filter(node -> node.template.tier() != null)
                    .forEach(node -> node.tier = node.template.tier());
            return changed.isEmpty() || request.dryRun() ? done() : tree.update(connection, changed);
        });
    }

    private Uni<Removals> removals(
            SqlConnection connection, ImportPlan plan, ImportRequest request, @Nullable AttachPoint attach) {
        if (request.mode() != ImportMode.RECONCILE) {
            return Uni.createFrom().item(Removals.NONE);
        }
        Map<UUID, String> paths = new HashMap<>();
        plan.existing().forEach(node -> paths.put(node.id, node.path));
        if (attach != null) {
            paths.put(attach.id(), attach.path());
        }
        return tree.orphans(connection, plan, request, id -> paths.getOrDefault(id, ""))
                .map(Removals::of)
                .chain(removals -> {
                    if (request.dryRun() || removals.topDown().isEmpty()) {
                        return Uni.createFrom().item(removals);
                    }
                    if (exceeds(removals, plan, request)) {
                        throw tooMany(removals, plan);
                    }
                    List<UUID> ids = removals.topDown().stream().map(Orphan::id).toList();
                    return tombstones.remove(connection, ids).replaceWith(removals);
                });
    }

    private boolean exceeds(Removals removals, ImportPlan plan, ImportRequest request) {
        return removals.exceeds(request, plan.existing().size(), settings.reconcileLimit());
    }

    private Problem tooMany(Removals removals, ImportPlan plan) {
        int count = removals.topDown().size();
        return Problem.of(
                        409,
                        "RECONCILE_LIMIT",
                        "this would remove " + count + " of "
                                + (count + plan.existing().size())
                                + " workspaces; look at it with dry_run, then confirm with \"confirm\": true or"
                                + " \"max_removals\": " + count)
                .with("removals", count)
                .with("existing", count + plan.existing().size())
                .with("limit", settings.reconcileLimit());
    }

    private Uni<Void> record(
            SqlConnection connection, Caller caller, ImportPlan plan, ImportRequest request, Removals removals) {
        var run = new ImportTotals(
                plan.count(Action.CREATED),
                plan.count(Action.SKIPPED),
                plan.count(Action.UPDATED),
                removals.topDown().size());
        boolean madeUp = request.dryRun() && request.parentId() == null && run.created() == plan.nodes.size();
        Uni<Void> recorded = runs.record(connection, caller, madeUp ? null : plan.orgId(), request, run);
        if (request.dryRun()) {
            return recorded;
        }
        return recorded.chain(() -> audit.record(
                connection,
                caller,
                plan.orgId(),
                "organisation.imported",
                request.id().toString(),
                new JsonObject()
                        .put("template", request.template().name())
                        .put("mode", request.mode().word())
                        .put("created", run.created())
                        .put("updated", run.updated())
                        .put("removed", run.removed())));
    }

    private ImportResult result(ImportPlan plan, ImportRequest request, Removals removals) {
        var workspaces = new ArrayList<ImportedWorkspace>(plan.nodes.size());
        for (Node node : plan.nodes) {
            boolean hasRow = node.exists() || (node.action == Action.CREATED && !request.dryRun());
            boolean parentHasRow = node.parent == null
                    || node.parent.exists()
                    || (node.parent.action == Action.CREATED && !request.dryRun());
            workspaces.add(new ImportedWorkspace(
                    hasRow ? node.id : null,
                    node.template.name(),
                    node.path,
                    parentHasRow ? plan.parentId(node) : null,
                    node.tier,
                    node.action,
                    node.action == Action.SKIPPED ? true : null,
                    node.changes));
        }
        for (Orphan orphan : removals.topDown()) {
            workspaces.add(new ImportedWorkspace(
                    orphan.id(),
                    orphan.name(),
                    orphan.path(),
                    orphan.parentId(),
                    orphan.tier(),
                    Action.REMOVED,
                    null,
                    null));
        }
        int created = plan.count(Action.CREATED);
        int skipped = plan.count(Action.SKIPPED);
        return new ImportResult(
                request.id(),
                request.template().name(),
                request.mode().word(),
                request.dryRun(),
                created + skipped,
                created,
                skipped,
                plan.count(Action.UPDATED),
                removals.topDown().size(),
                (request.dryRun() && exceeds(removals, plan, request)) ? true : null,
                workspaces,
                removals.kept().stream()
                        .map(kept -> new KeptWorkspace(
                                kept.id(),
                                kept.name(),
                                kept.path(),
                                "has workspaces below it that this template did not create"))
                        .toList());
    }

    private static Uni<Void> done() {
        return Uni.createFrom().voidItem();
    }
}
