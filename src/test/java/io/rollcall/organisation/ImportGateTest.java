package io.rollcall.organisation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.rollcall.TestDatabase;
import io.rollcall.http.Problem;
import io.rollcall.http.Reply;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** In a {@code @QuarkusTest} because the guard behind the gate is made by Quarkus. */
@QuarkusTest
@QuarkusTestResource(TestDatabase.class)
class ImportGateTest {

    private static final Reply REPLY = new Reply(200, Map.of(), new byte[0]);

    /** An import that ends when the test says so. */
    private static final class Held {
        private final AtomicBoolean begun = new AtomicBoolean();
        private UniEmitter<? super Reply> end;

        UniAssertSubscriber<Reply> through(ImportGate gate) {
            return through(gate, null);
        }

        UniAssertSubscriber<Reply> through(ImportGate gate, UUID organisation) {
            return gate.pass(organisation, () -> Uni.createFrom().emitter(emitter -> {
                        end = emitter;
                        begun.set(true);
                    }))
                    .subscribe()
                    .withSubscriber(UniAssertSubscriber.create());
        }
    }

    @Test
    void oneRunsOneWaitsAndAThirdIsToldToComeAgain() {
        var gate = new ImportGate(1, 1);
        var first = new Held();
        var second = new Held();

        var firstReply = first.through(gate);
        var secondReply = second.through(gate);
        Throwable refusal =
                new Held().through(gate).awaitFailure(Duration.ofSeconds(10)).getFailure();

        assertTrue(first.begun.get());
        assertFalse(second.begun.get());
        assertEquals(503, ((Problem) refusal).status());

        first.end.complete(REPLY);
        firstReply.awaitItem(Duration.ofSeconds(10));
        assertTrue(second.begun.get());
        second.end.complete(REPLY);
        secondReply.awaitItem(Duration.ofSeconds(10));
    }

    @Test
    void aFailedImportLetsTheNextOneIn() {
        var gate = new ImportGate(1, 1);
        var first = new Held();
        var firstReply = first.through(gate);
        var second = new Held();
        var secondReply = second.through(gate);

        first.end.fail(new IllegalStateException("broken"));

        firstReply.awaitFailure(Duration.ofSeconds(10));
        second.end.complete(REPLY);
        secondReply.awaitItem(Duration.ofSeconds(10));
    }

    @Test
    void anOrganisationThatHasItsShareIsRefusedAndAnotherIsNot() {
        var gate = new ImportGate(1, 8);
        UUID greedy = new UUID(0, 1);
        var first = new Held();
        var firstReply = first.through(gate, greedy);
        new Held().through(gate, greedy);

        Throwable refusal = new Held()
                .through(gate, greedy)
                .awaitFailure(Duration.ofSeconds(10))
                .getFailure();
        var other = new Held();
        var otherReply = other.through(gate, new UUID(0, 2));

        assertEquals(429, ((Problem) refusal).status());
        otherReply.assertNotTerminated();
        first.end.complete(REPLY);
        firstReply.awaitItem(Duration.ofSeconds(10));
        new Held().through(gate, greedy).assertNotTerminated();
    }
}
