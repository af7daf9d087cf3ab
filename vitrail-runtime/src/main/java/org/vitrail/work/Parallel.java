package org.vitrail.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Runs independent tasks on a fixed number of threads and returns their results in the order of the tasks. */
public final class Parallel {
    private Parallel() {}

    /** Returns the results of {@code task} for 0 … count − 1, in that order; rethrows the first failure unchanged. */
    public static <T> List<T> map(int count, int threads, IntFunction<T> task) {
        List<T> results = new ArrayList<>(count);
        run(count, threads, count, task, results::add);
        return results;
    }

    /**
     * Gives the results of {@code task} for 0 … count − 1 to {@code consumer}, in that order and on the calling thread. At
     * most {@code threads} results are computed ahead of the one that is consumed. The first failure is thrown as it was.
     */
    public static <T> void forEach(int count, int threads, IntFunction<T> task, Consumer<? super T> consumer) {
        run(count, threads, threads, task, consumer);
    }

    private static <T> void run(int count, int threads, int ahead, IntFunction<T> task, Consumer<? super T> consumer) {
        try (ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count)), runnable -> {
            Thread thread = new Thread(runnable, "vitrail");
            thread.setDaemon(true);
            return thread;
        })) {
            try {
                Deque<Future<T>> pending = new ArrayDeque<>();
                for (int next = 0, done = 0; done < count; done++) {
                    for (; next < count && pending.size() < ahead; next++) {
                        pending.add(submit(pool, task, next));
                    }
                    T result = pending.remove().get();
                    if (next < count) {
                        pending.add(submit(pool, task, next++));
                    }
                    consumer.accept(result);
                }
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while work was running", e);
            } finally {
                pool.shutdownNow();
            }
        }
    }

    private static <T> Future<T> submit(ExecutorService pool, IntFunction<T> task, int index) {
        return pool.submit(() -> task.apply(index));
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
