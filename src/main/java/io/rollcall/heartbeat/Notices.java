package io.rollcall.heartbeat;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.rollcall.access.Transactions;
import io.rollcall.heartbeat.NoticeRepository.Notice;
import io.rollcall.heartbeat.NoticeRepository.Told;
import io.rollcall.http.Json;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the webhook of incidents, apart from the sweep that raises them: a webhook that hangs holds nobody up. Any number of
 * replicas do it; each incident is told at least once, and once unless a replica dies, or loses its database, between the
 * post and its settling. No connection is held during a post.
 *
 * <p>What is not taken with a 2xx is tried again after 30 s, a minute, two, and so on to an hour; what is older than a day is
 * no news any more and is given up.
 *
 * <p>Limits: the order is not kept; when an incident ends the webhook is not told; several posts of one incident are for its
 * reader to know by the incident's id.
 */
@ApplicationScoped
class Notices {

    private static final Logger LOG = Logger.getLogger(Notices.class);
    private static final int AT_ONCE = 10;
    private static final Duration NEWS = Duration.ofHours(24);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /** Well over a post's time-out and the two transactions around it. */
    private static final Duration LEASE = Duration.ofMinutes(3);

    private final Webhook webhook;
    private final Transactions transactions;
    private final NoticeRepository repository;
    private final NoticeMeters meters;
    private final Json json;

    Notices(Webhook webhook, Transactions transactions, NoticeRepository repository, NoticeMeters meters, Json json) {
        this.webhook = webhook;
        this.transactions = transactions;
        this.repository = repository;
        this.meters = meters;
        this.json = json;
    }

    @Scheduled(every = "5s", concurrentExecution = ConcurrentExecution.SKIP)
    Uni<Void> tell() {
        return webhook.isConfigured() ? tell(null) : Uni.createFrom().voidItem();
    }

    /**
     * Until nothing is due, or the webhook takes nothing of a batch.
     *
     * @param now null for the database's clock
     */
    Uni<Void> tell(@Nullable OffsetDateTime now) {
        return Multi.createBy()
                .repeating()
                .uni(() -> batch(now))
                .whilst(more -> more)
                .onItem()
                .ignoreAsUni()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("Could not look for incidents to tell, trying again later: %s", failure.getMessage());
                    return null;
                });
    }

    /** Whether there may be more that are due. */
    private Uni<Boolean> batch(@Nullable OffsetDateTime now) {
        return transactions
                .runForPlatform(connection -> repository.take(connection, now, AT_ONCE, LEASE, NEWS))
                .chain(taken -> {
                    taken.stream().filter(Notice::isGivenUp).forEach(this::giveUp);
                    List<Uni<Told>> posts = taken.stream()
                            .filter(notice -> !notice.isGivenUp())
                            .map(this::post)
                            .toList();
                    boolean full = taken.size() == AT_ONCE;
                    return posts.isEmpty() ? Uni.createFrom().item(full) : settle(now, posts, full);
                });
    }

    private Uni<Boolean> settle(@Nullable OffsetDateTime now, List<Uni<Told>> posts, boolean full) {
        return Uni.join().all(posts).andFailFast().chain(outcomes -> transactions
                .runForPlatform(connection -> repository.settle(connection, now, outcomes))
                .replaceWith(() -> full && outcomes.stream().anyMatch(Told::delivered)));
    }

    private Uni<Told> post(Notice notice) {
        return webhook.post(json.reply(200, IncidentNotice.raised(notice.incident()))
                        .body())
                .onItemOrFailure()
                .transform((status, failure) -> {
                    boolean delivered = failure == null && status / 100 == 2;
                    if (delivered) {
                        meters.delivered();
                    } else {
                        meters.failed();
                        // Never the failure's message: it may have the URL, whose path may be a secret.
                        LOG.warnf(
                                "The webhook did not take incident %d (attempt %d): %s",
                                notice.incident().id(),
                                notice.attempts(),
                                failure == null
                                        ? "status " + status
                                        : failure.getClass().getSimpleName());
                    }
                    return new Told(notice, delivered, pause(notice.attempts()));
                });
    }

    private void giveUp(Notice notice) {
        meters.givenUp();
        LOG.warnf(
                "The webhook will not be told of incident %d any more, after %d attempts",
                notice.incident().id(), notice.attempts() - 1);
    }

    static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempts - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
}
