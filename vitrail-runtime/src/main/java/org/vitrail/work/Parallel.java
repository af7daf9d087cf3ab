package org.vitrail.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;

/** Runs independent tasks on a fixed number of threads and returns their results in the order of the tasks. */
public final class Parallel {
    private Parallel() {}

    /** Returns the results of {@code task} for 0 … count − 1, in that order; rethrows the first failure unchanged. */
    public static <T> List<T> map(int count, int threads, IntFunction<T> task) {
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count)), runnable -> {
            Thread thread = new Thread(runnable, "vitrail");
            thread.setDaemon(true);
            return thread;
        })) {
            List<Future<T>> futures = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int index = i;
                futures.add(pool.submit(() -> task.apply(index)));
            }
            try {
                List<T> results = new ArrayList<>(count);
                for (Future<T> future : futures) {
                    results.add(future.get());
                }
                return results;
            } catch (ExecutionException e) {
                pool.shutdownNow();
                throw rethrown(e.getCause());
            } catch (InterruptedException e) {
                pool.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while work was running", e);
            }
        }
    }

    private static RuntimeException rethrown(Throwable cause) {
        if (cause instanceof RuntimeException exception) {
            return exception;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new IllegalStateException(cause);
    }
}
