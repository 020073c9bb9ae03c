package bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32;

/** Agents that are alive, each of a workspace of its own with a token; written by SQL. They beat in an order drawn by lot. */
final class Fleet {

    /** What an agent says; after it seven digits of its uptime, which grow, and the end. */
    private static final String BEAT = "{\"workspace_id\":\"%s\",\"status\":\"running\",\"error_rate\":0.01,"
            + "\"active_tasks\":1,\"current_task\":\"Counting the stars of the northern sky\",\"uptime_seconds\":%07d}";

    private static final int DIGITS = 7;
    private static final int UP_SINCE = 1_000_000;
    private static final long BEGIN = System.nanoTime();
    private static final int WIDTH = BEAT.formatted(new UUID(0, 0), UP_SINCE).length() + 1;

    /** @param token of its workspace */
    record Agent(UUID workspace, String token) {}

    final List<Agent> agents;

    /** The first organisation's admin. */
    final String adminToken;

    private Fleet(List<Agent> agents, String adminToken) {
        this.agents = agents;
        this.adminToken = adminToken;
    }

    static Fleet make(Database database, String name, int organisations, int size) throws Exception {
        String id = "md5('" + name + "' || %s)::uuid";
        String root = id.formatted("'root' || n % " + organisations);
        String own = id.formatted("n");
        database.execute("INSERT INTO workspaces (id, org_id, name, status) SELECT " + root + ", " + root + ", '" + name
                + " ' || n, 'online' FROM generate_series(0, " + (organisations - 1) + ") n");
        database.execute("INSERT INTO workspaces (id, org_id, parent_id, name, status) SELECT " + own + ", " + root + ", " + root
                + ", 'Agent ' || n, 'online' FROM generate_series(1, " + size + ") n");
        database.execute("INSERT INTO heartbeats (workspace_id, agent_id, org_id) SELECT " + own + ", 'main', " + root
                + " FROM generate_series(1, " + size + ") n");
        var agents = new ArrayList<Agent>(size);
        String admin;
        try (PreparedStatement token = database.superuser()
                .prepareStatement("INSERT INTO tokens (id, org_id, workspace_id, name, scope, sha256, created_by)"
                        + " VALUES (?, ?, ?, 'bench', ?, ?, 'bench')")) {
            UUID first = md5(name + "root0");
            admin = token(token, "org", first, first);
            for (int n = 1; n <= size; n++) {
                UUID workspace = md5(name + n);
                agents.add(new Agent(
                        workspace, token(token, "ws", md5(name + "root" + n % organisations), workspace)));
            }
            token.executeBatch();
        }
        Collections.shuffle(agents, new Random(5));
        return new Fleet(agents, admin);
    }

    private static String token(PreparedStatement insert, String kind, UUID organisation, UUID workspace) throws Exception {
        UUID id = UUID.randomUUID();
        String secret = HexFormat.of().formatHex(sha256(id.toString()));
        String body = "rc_" + kind + "_" + id.toString().replace("-", "") + "_" + secret;
        var sum = new CRC32();
        sum.update(body.getBytes(StandardCharsets.US_ASCII));
        String text = body + HexFormat.of().toHexDigits((int) sum.getValue());
        insert.setObject(1, id);
        insert.setObject(2, organisation);
        insert.setObject(3, workspace);
        insert.setString(4, kind.equals("org") ? "admin" : "workspace");
        insert.setBytes(5, sha256(text));
        insert.addBatch();
        return text;
    }

    /** Everything that the service wants to know of them is written, and the tables are as a day later. */
    void introduce(Service service, Database database) throws Exception {
        for (int from = 0; from < agents.size(); from += 5000) {
            List<Agent> some = agents.subList(from, Math.min(agents.size(), from + 5000));
            byte[] json = body(some).getBytes(StandardCharsets.UTF_8);
            Service.Timed reply = service.send("POST", "/heartbeats", null, json);
            String text = new String(reply.body(), StandardCharsets.UTF_8);
            if (!text.startsWith("{\"accepted\":" + some.size() + ",")) {
                throw new IllegalStateException("beats: " + reply.status() + " " + text.substring(0, Math.min(text.length(), 300)));
            }
        }
        database.execute("VACUUM ANALYZE workspaces, heartbeats, agent_states, tokens");
    }

    /** One beat a request. @param token null: each agent's own */
    static byte[] single(Agent agent, String token) {
        return Requests.post("/registry/heartbeat", token == null ? agent.token() : token, element(agent));
    }

    static byte[] bulk(List<Agent> some, String token) {
        return Requests.post("/heartbeats", token, body(some));
    }

    private static String body(List<Agent> some) {
        return "{\"heartbeats\":[" + String.join(",", some.stream().map(Fleet::element).toList()) + "]}";
    }

    private static String element(Agent agent) {
        return BEAT.formatted(agent.workspace(), UP_SINCE);
    }

    /** @param last where the last beat's closing brace stands, from the request's end */
    static void age(byte[] request, int beats, int last) {
        int seconds = UP_SINCE + (int) ((System.nanoTime() - BEGIN) / 1_000_000_000L);
        for (int i = 0, end = request.length - last; i < beats; i++, end -= WIDTH) {
            for (int digit = 1, rest = seconds; digit <= DIGITS; digit++, rest /= 10) {
                request[end - digit] = (byte) ('0' + rest % 10);
            }
        }
    }

    /** As {@code md5(text)::uuid}. */
    static UUID md5(String text) {
        try {
            String hex = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
            return UUID.fromString(hex.replaceFirst("(.{8})(.{4})(.{4})(.{4})", "$1-$2-$3-$4-"));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(String text) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
