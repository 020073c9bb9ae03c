package io.rollcall.heartbeat;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Where the operator wants incidents posted, if anywhere. A post takes at most {@link #TIMEOUT}; of the answer the status is
 * read and nothing else, a redirect is an answer like others, and the connection is closed.
 */
@ApplicationScoped
class Webhook {

    static final String SIGNATURE = "X-Rollcall-Signature";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final @Nullable WebhookTarget target;
    private final Optional<String> secret;
    private final Duration timeout;
    private final HttpClient client;

    @Inject
    Webhook(IncidentSettings settings, Vertx vertx) {
        this(settings, vertx, TIMEOUT);
    }

    Webhook(IncidentSettings settings, Vertx vertx, Duration timeout) {
        target = settings.webhookUrl()
                .map(url -> WebhookTarget.of(url, settings.webhookHosts().orElse(List.of())))
                .orElse(null);
        secret = settings.webhookSecret();
        this.timeout = timeout;
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setConnectTimeout((int) timeout.toMillis()));
    }

    /** Refuses a target that is not allowed before anything is served. */
    void atStart(@Observes StartupEvent started) {
        isConfigured();
    }

    /** Whether a new incident is to be told: whether it gets a time for that. */
    boolean isConfigured() {
        return target != null;
    }

    /** The answer's status; fails when there is none in time. */
    Uni<Integer> post(byte[] json) {
        if (target == null) {
            return Uni.createFrom().failure(new IllegalStateException("no webhook"));
        }
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target.url().toString())
                .putHeader("Content-Type", "application/json")
                .putHeader("User-Agent", "rollcall");
        secret.ifPresent(key -> options.putHeader(SIGNATURE, signature(key, json)));
        return Uni.createFrom()
                .<Integer>emitter(emitter -> {
                    var sent = new AtomicReference<HttpClientRequest>();
                    // Whether it was answered or waited for too long.
                    emitter.onTermination(() -> close(sent.get()));
                    client.request(options)
                            .compose(request -> {
                                sent.set(request);
                                return request.send(Buffer.buffer(json));
                            })
                            .onComplete(
                                    answer -> {
                                        // That it is cut off is no fault to report.
                                        answer.exceptionHandler(cut -> {});
                                        emitter.complete(answer.statusCode());
                                    },
                                    emitter::fail);
                })
                .ifNoItem()
                .after(timeout)
                .fail();
    }

    private static void close(@Nullable HttpClientRequest request) {
        if (request != null) {
            request.reset();
        }
    }

    private static String signature(String key, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
