package io.rollcall;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Tasks that start at the same moment: each waits at a latch that opens when all have arrived. */
public final class Race {

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "race");
        thread.setDaemon(true);
        return thread;
    });

    private static final long LIMIT_SECONDS = 180;

    private Race() {}

    /** What each task answered, in the tasks' order; fails when one of them threw. */
    public static <T> List<T> run(List<? extends Callable<T>> tasks) {
        var arrived = new CountDownLatch(tasks.size());
        var go = new CountDownLatch(1);
        var running = new ArrayList<Future<T>>();
        for (Callable<T> task : tasks) {
            running.add(THREADS.submit(() -> {
                arrived.countDown();
                go.await();
                return task.call();
            }));
        }
        try {
            arrived.await();
            go.countDown();
            var answers = new ArrayList<T>();
            for (Future<T> future : running) {
                answers.add(future.get(LIMIT_SECONDS, TimeUnit.SECONDS));
            }
            return answers;
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("a racer did not answer", e);
        }
    }

    /** A seed of this run, printed so that a failure can be had again with {@code -Dseed}. */
    public static long seed(String race) {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println(race + ": seed=" + seed);
        return seed;
    }
}
