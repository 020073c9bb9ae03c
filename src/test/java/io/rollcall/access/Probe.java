package io.rollcall.access;

import static io.rollcall.access.World.Kind.AGENT_TOKEN;
import static io.rollcall.access.World.Kind.COLLEAGUE;
import static io.rollcall.access.World.Kind.ENDED;
import static io.rollcall.access.World.Kind.ORGANISATION;
import static io.rollcall.access.World.Kind.RECEIVED;
import static io.rollcall.access.World.Kind.RUN;
import static io.rollcall.access.World.Kind.SENT;
import static io.rollcall.access.World.Kind.TOKEN;
import static io.rollcall.access.World.Kind.WORKSPACE;

import io.rollcall.Call;
import io.rollcall.access.World.Kind;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one operation is asked for one id. Each operation of the API's document needs one for each of its parameters and
 * fields that take an id, or, if it has none, one without.
 *
 * @param parameter the parameter or field that takes the id; empty when the operation takes none
 * @param kind what the id names; null when the operation takes none
 * @param scopes the tokens that may call the operation, apart from the platform's admin
 */
record Probe(String operation, String parameter, @Nullable Kind kind, Set<TokenScope> scopes, Request request) {

    /** A request of somebody who lives in the first world, for the id; the second is the world that the id is from. */
    interface Request {
        Call of(World home, String id, World ids);
    }

    static final Set<TokenScope> ADMINS = Set.of(TokenScope.ADMIN);
    static final Set<TokenScope> WRITERS = Set.of(TokenScope.ADMIN, TokenScope.WRITE);
    static final Set<TokenScope> READERS = Set.of(TokenScope.ADMIN, TokenScope.WRITE, TokenScope.READ);
    static final Set<TokenScope> CALLERS = Set.of(TokenScope.ADMIN, TokenScope.WRITE, TokenScope.WORKSPACE);
    static final Set<TokenScope> CALLEES = Set.of(TokenScope.ADMIN, TokenScope.WORKSPACE);
    static final Set<TokenScope> ALL = Set.of(TokenScope.values());

    private static final List<Probe> OPERATIONS = List.of(
            at(
                    "importOrganisation",
                    "parent_id",
                    WORKSPACE,
                    WRITERS,
                    (home, id, ids) -> post("/org/import", World.imports(id, "T"))),
            at(
                    "importOrganisation",
                    "query parent_id",
                    WORKSPACE,
                    WRITERS,
                    (home, id, ids) -> post(
                            "/org/import?parent_id=" + id,
                            "{\"template\":{\"name\":\"T\",\"workspaces\":[{\"name\":\"Q\"}]}}")),
            without("listImports", READERS, () -> get("/org/imports?limit=500")),
            at(
                    "listImports",
                    "org_id",
                    ORGANISATION,
                    READERS,
                    (home, id, ids) -> get("/org/imports?limit=500&org_id=" + id)),
            at("getImport", "id", RUN, READERS, (home, id, ids) -> get("/org/imports/" + id)),
            without("listTemplates", READERS, () -> get("/org/templates")),
            at("exportOrganisation", "root", WORKSPACE, READERS, (home, id, ids) -> get("/org/export?root=" + id)),
            at(
                    "listWorkspaces",
                    "parent_id",
                    WORKSPACE,
                    READERS,
                    (home, id, ids) -> get("/workspaces?include_removed=true&parent_id=" + id)),
            at(
                    "listWorkspaces",
                    "org_id",
                    ORGANISATION,
                    READERS,
                    (home, id, ids) -> get("/workspaces?include_removed=true&org_id=" + id)),
            without("listWorkspaces", READERS, () -> get("/workspaces?include_removed=true")),
            without("listWorkspaces", READERS, () -> get("/workspaces?include_removed=true&roots=true")),
            at(
                    "createWorkspace",
                    "parent_id",
                    WORKSPACE,
                    WRITERS,
                    (home, id, ids) -> post("/workspaces", "{\"name\":\"New\",\"parent_id\":\"" + id + "\"}")),
            at("getWorkspace", "id", WORKSPACE, ALL, (home, id, ids) -> get("/workspaces/" + id)),
            at("changeWorkspace", "id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of("PATCH", "/workspaces/" + id)
                    .json("{\"role\":\"changed\"}")),
            at("changeWorkspace", "parent_id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of(
                            "PATCH", "/workspaces/" + home.mover())
                    .json("{\"parent_id\":\"" + id + "\"}")),
            at("removeWorkspace", "id", WORKSPACE, WRITERS, (home, id, ids) -> Call.of(
                            "DELETE", "/workspaces/" + id + "?confirm=true")
                    .header("X-Confirm-Name", "Dev of " + ids.name())),
            without("getViewport", READERS, () -> get("/canvas/viewport")),
            without("putViewport", WRITERS, () -> Call.of("PUT", "/canvas/viewport")
                    .json("{\"x\":2,\"y\":2,\"zoom\":2}")),
            at("listAudit", "org_id", ORGANISATION, ADMINS, (home, id, ids) -> get("/org/audit?org_id=" + id)),
            at(
                    "createDelegation",
                    "caller_id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> post("/delegations", World.asking(id, home.mover(), ""))),
            at(
                    "createDelegation",
                    "callee_id",
                    COLLEAGUE,
                    CALLERS,
                    (home, id, ids) ->
                            post("/delegations", World.asking(home.tokens().child(), id, ""))),
            at(
                    "createDelegation",
                    "parent_delegation_id",
                    RECEIVED,
                    CALLERS,
                    (home, id, ids) -> post(
                            "/delegations",
                            World.asking(
                                    home.tokens().child(), home.mover(), ",\"parent_delegation_id\":\"" + id + "\""))),
            at(
                    "reportDelegation",
                    "id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post("/delegations/" + id + "/status", "{\"status\":\"completed\"}")),
            at(
                    "beatDelegation",
                    "id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post("/delegations/" + id + "/heartbeat", "{}")),
            at(
                    "claimDelegations",
                    "id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post("/workspaces/" + id + "/delegations/claim", "{}")),
            at(
                    "cancelDelegation",
                    "id",
                    SENT,
                    CALLERS,
                    (home, id, ids) -> post("/delegations/" + id + "/cancel", "{}")),
            at(
                    "retryDelegation",
                    "id",
                    ENDED,
                    CALLERS,
                    (home, id, ids) -> Call.of("POST", "/delegations/" + id + "/retry")),
            at(
                    "delegate",
                    "id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> post("/workspaces/" + id + "/delegate", delegate(home.mover(), ""))),
            at(
                    "delegate",
                    "target_id",
                    COLLEAGUE,
                    CALLERS,
                    (home, id, ids) -> post("/workspaces/" + home.tokens().child() + "/delegate", delegate(id, ""))),
            at(
                    "recordDelegation",
                    "id",
                    WORKSPACE,
                    CALLERS,
                    (home, id, ids) -> post(
                            "/workspaces/" + id + "/delegations/record",
                            delegate(home.mover(), ",\"delegation_id\":\"recorded\""))),
            at(
                    "recordDelegation",
                    "target_id",
                    COLLEAGUE,
                    CALLERS,
                    (home, id, ids) -> post(
                            "/workspaces/" + home.tokens().child() + "/delegations/record",
                            delegate(id, ",\"delegation_id\":\"recorded\""))),
            at(
                    "updateDelegation",
                    "id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post(
                            "/workspaces/" + id + "/delegations/" + ids.received() + "/update",
                            "{\"status\":\"failed\"}")),
            at(
                    "updateDelegation",
                    "delegation_id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post(
                            "/workspaces/" + home.tokens().child() + "/delegations/" + id + "/update",
                            "{\"status\":\"failed\"}")),
            without("listAudit", ADMINS, () -> get("/org/audit?limit=500")),
            without("streamEvents", READERS, () -> get("/events?after=0")),
            without("getOwnToken", ALL, () -> get("/org/token")),
            at(
                    "createOrganisationToken",
                    "org_id",
                    ORGANISATION,
                    ADMINS,
                    (home, id, ids) ->
                            post("/org/tokens", "{\"org_id\":\"" + id + "\",\"name\":\"n\",\"scope\":\"read\"}")),
            at(
                    "createOrganisationToken",
                    "replaces",
                    TOKEN,
                    ADMINS,
                    (home, id, ids) -> post(
                            "/org/tokens",
                            "{\"org_id\":\"" + home.tokens().root() + "\",\"replaces\":\"" + id + "\"}")),
            at(
                    "listOrganisationTokens",
                    "org_id",
                    ORGANISATION,
                    ADMINS,
                    (home, id, ids) -> get("/org/tokens?org_id=" + id)),
            at("revokeOrganisationToken", "token_id", TOKEN, ADMINS, (home, id, ids) -> delete("/org/tokens/" + id)),
            at(
                    "createWorkspaceToken",
                    "id",
                    WORKSPACE,
                    ADMINS,
                    (home, id, ids) -> post("/workspaces/" + id + "/tokens", "{\"name\":\"n\"}")),
            at(
                    "createWorkspaceToken",
                    "replaces",
                    AGENT_TOKEN,
                    ADMINS,
                    (home, id, ids) ->
                            post("/workspaces/" + home.tokens().child() + "/tokens", "{\"replaces\":\"" + id + "\"}")),
            at("listWorkspaceTokens", "id", WORKSPACE, ADMINS, (home, id, ids) -> get("/workspaces/" + id + "/tokens")),
            at(
                    "revokeWorkspaceToken",
                    "id",
                    WORKSPACE,
                    ADMINS,
                    (home, id, ids) -> delete("/workspaces/" + id + "/tokens/" + ids.agentToken())),
            at(
                    "revokeWorkspaceToken",
                    "token_id",
                    AGENT_TOKEN,
                    ADMINS,
                    (home, id, ids) -> delete("/workspaces/" + home.tokens().child() + "/tokens/" + id)),
            without("listDelegations", ALL, () -> get("/delegations?limit=500")),
            at("listDelegations", "org_id", ORGANISATION, ALL, (home, id, ids) -> get("/delegations?org_id=" + id)),
            at("listDelegations", "caller_id", WORKSPACE, ALL, (home, id, ids) -> get("/delegations?caller_id=" + id)),
            at("listDelegations", "callee_id", WORKSPACE, ALL, (home, id, ids) -> get("/delegations?callee_id=" + id)),
            at("listDelegations", "root_id", RECEIVED, ALL, (home, id, ids) -> get("/delegations?root_id=" + id)),
            at("getDelegation", "id", RECEIVED, ALL, (home, id, ids) -> get("/delegations/" + id)),
            at("listDelegationEvents", "id", RECEIVED, ALL, (home, id, ids) -> get("/delegations/" + id + "/events")),
            at("listDelegationTree", "id", RECEIVED, ALL, (home, id, ids) -> get("/delegations/" + id + "/tree")),
            at(
                    "listWorkspaceDelegations",
                    "id",
                    WORKSPACE,
                    ALL,
                    (home, id, ids) -> get("/workspaces/" + id + "/delegations")),
            without("listAdminDelegations", ADMINS, () -> get("/admin/delegations?limit=500")),
            without("getDelegationStats", ADMINS, () -> get("/admin/delegations/stats")),
            at(
                    "reconcileDelegations",
                    "workspace_id",
                    WORKSPACE,
                    CALLEES,
                    (home, id, ids) -> post(
                            "/delegations/reconcile",
                            "{\"agent_id\":\"a\",\"workspace_id\":\"" + id + "\",\"running\":[]}")),
            at(
                    "reconcileDelegations",
                    "delegation_id",
                    RECEIVED,
                    CALLEES,
                    (home, id, ids) -> post(
                            "/delegations/reconcile",
                            "{\"agent_id\":\"a\",\"workspace_id\":\""
                                    + home.tokens().child() + "\",\"running\":[{\"delegation_id\":\"" + id
                                    + "\",\"attempt\":0}]}")));

    static final List<Probe> ALL_OPERATIONS =
            Stream.concat(OPERATIONS.stream(), AgentProbes.OPERATIONS.stream()).toList();

    static Probe at(String operation, String parameter, Kind kind, Set<TokenScope> scopes, Request request) {
        return new Probe(operation, parameter, kind, scopes, request);
    }

    static Probe without(String operation, Set<TokenScope> scopes, Supplier<Call> request) {
        return new Probe(operation, "", null, scopes, (home, id, ids) -> request.get());
    }

    private static String delegate(String target, String more) {
        return "{\"target_id\":\"" + target + "\",\"task\":\"t\"" + more + "}";
    }

    static Call get(String path) {
        return Call.of("GET", path);
    }

    static Call post(String path, String body) {
        return Call.of("POST", path).json(body);
    }

    static Call delete(String path) {
        return Call.of("DELETE", path);
    }
}
