package io.rollcall.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Imports an example organisation twice, shows what became of it and where to look, plays its agents, and serves on: for {@code --seconds
 * N}, after which it ends by itself with exit code 0, or until it is stopped.
 */
@ApplicationScoped
@Unremovable
public class Demo implements QuarkusApplication {

    private static final String TEMPLATE = "software-company";

    private final DemoClient client;

    Demo(DemoClient client) {
        this.client = client;
    }

    @Override
    public int run(String... args) throws IOException, InterruptedException {
        DemoArguments arguments = DemoArguments.parse(args);
        say("\nRollcall serves at %s\nThe admin's token of this demo: %s\n".formatted(client.base(), client.token()));
        JsonNode first = importOnce("Importing " + TEMPLATE);
        JsonNode again = importOnce("Importing it again");
        boolean same = first.path("workspaces")
                .findValuesAsText("id")
                .equals(again.path("workspaces").findValuesAsText("id"));
        String root = first.path("workspaces").path(0).path("id").asText();
        say("  the same ids both times: " + (same ? "yes" : "NO") + "\n");
        JsonNode workspaces = client.get("/workspaces");
        var agents = new DemoAgents(client, workspaces);
        say("Its agents beat: " + agents.beat() + " are heard.\n");
        say(TreePicture.of(client.get("/workspaces"), root));
        say("They delegate to each other. " + agents.tellOne());
        whereToLook(root);
        var stopped = new CountDownLatch(1);
        agents.playUntil(stopped);
        if (arguments.seconds() == DemoArguments.FOR_EVER) {
            say("\nServing until you press Ctrl-C.");
            Quarkus.waitForExit();
            return 0;
        }
        serveFor(arguments.seconds(), stopped);
        say("\nSummary: %d workspaces, %d imports in the history, delegations %s. Ended after %d s as asked."
                .formatted(
                        client.get("/workspaces").size(),
                        client.get("/org/imports").path("items").size(),
                        client.get("/admin/delegations/stats"),
                        arguments.seconds()));
        return same ? 0 : 1;
    }

    private JsonNode importOnce(String what) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        JsonNode result = client.post("/org/import", "{\"dir\": \"" + TEMPLATE + "\"}");
        say("%s: created %d, skipped %d (%d ms)"
                .formatted(
                        what,
                        result.path("created").asInt(),
                        result.path("skipped").asInt(),
                        (System.nanoTime() - begin) / 1_000_000));
        return result;
    }

    private void whereToLook(String root) {
        say("""

                Look around: sign in at %s/ with the token %s, or
                  TOKEN=%s
                  curl -H "Authorization: Bearer $TOKEN" %s/workspaces
                  curl -H "Authorization: Bearer $TOKEN" -H 'Accept: application/yaml' '%s/org/export?root=%s'
                  curl -H "Authorization: Bearer $TOKEN" %s/org/imports
                  curl -H "Authorization: Bearer $TOKEN" '%s/delegations?limit=3'
                  %s/q/swagger-ui""".formatted(
                        client.base(),
                        client.token(),
                        client.token(),
                        client.base(),
                        client.base(),
                        root,
                        client.base(),
                        client.base(),
                        client.base()));
    }

    /** The demo's own clock; a stop from outside ends it at once. */
    private static void serveFor(int seconds, CountDownLatch stopped) throws InterruptedException {
        Thread watcher = new Thread(
                () -> {
                    Quarkus.waitForExit();
                    stopped.countDown();
                },
                "demo-stop");
        watcher.setDaemon(true);
        watcher.start();
        if (stopped.await(seconds, TimeUnit.SECONDS)) {
            say("\nStopped.");
        }
        stopped.countDown();
    }

    private static void say(String text) {
        System.out.println(text);
    }
}
