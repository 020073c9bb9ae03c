package bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Organisations with pairs of workspaces, one of which asks the other; each with a token of its own. */
final class Teams {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param callerToken and the callee's: of those two workspaces alone */
    record Pair(String organisation, String caller, String callee, String callerToken, String calleeToken) {}

    private Teams() {}

    static List<Pair> make(Service service, String name, int organisations, int pairs) throws Exception {
        var roots = new ArrayList<String>();
        for (int i = 0; i < organisations; i++) {
            roots.add(post(service, "/workspaces", "{\"name\":\"" + name + " " + i + "\"}", "id"));
        }
        var made = new ArrayList<Pair>();
        for (int i = 0; i < pairs; i++) {
            String root = roots.get(i % organisations);
            String caller = workspace(service, root, "Caller " + i);
            String callee = workspace(service, root, "Callee " + i);
            made.add(new Pair(root, caller, callee, token(service, caller), token(service, callee)));
        }
        return made;
    }

    private static String workspace(Service service, String root, String name) throws Exception {
        return post(service, "/workspaces", "{\"parent_id\":\"" + root + "\",\"name\":\"" + name + "\"}", "id");
    }

    private static String token(Service service, String workspace) throws Exception {
        return post(service, "/workspaces/" + workspace + "/tokens", "{\"name\":\"agent\"}", "token");
    }

    private static String post(Service service, String path, String body, String field) throws Exception {
        Service.Timed reply = service.send("POST", path, null, body.getBytes(StandardCharsets.UTF_8));
        if (reply.status() != 201) {
            throw new IllegalStateException(path + ": " + reply.status() + " " + new String(reply.body(), StandardCharsets.UTF_8));
        }
        return JSON.readTree(reply.body()).path(field).asText();
    }
}
