package org.vitrail.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.vitrail.tensor.VitrailException;
import org.vitrail.work.Progress;

/**
 * Locks a repository's part of the cache for one thread of one process at a time. File locks work between processes,
 * and a second one within a process is an error, so threads first wait for one another. The system releases the lock of
 * a process that ends.
 */
final class RepositoryLock {
    private static final Map<Path, ReentrantLock> THREAD_LOCKS = new ConcurrentHashMap<>();

    private RepositoryLock() {}

    /** Work that runs while the lock is held. */
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /** Waits for the lock, then runs the work. */
    static <T> T holding(Path file, Progress progress, Work<T> work) throws IOException {
        ReentrantLock thread = THREAD_LOCKS.computeIfAbsent(file, path -> new ReentrantLock());
        try (Progress.Stage stage = progress.begin("waiting for another download of this model", 1)) {
            thread.lockInterruptibly();
            stage.step();
        } catch (InterruptedException e) {
            throw ExponentialBackoff.interrupted(e);
        }
        try (FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock lock = lock(channel, progress)) {
            if (!lock.isValid()) {
                throw VitrailException.retryable("the lock " + file + " was lost: try again", null);
            }
            return work.run();
        } finally {
            thread.unlock();
        }
    }

    private static FileLock lock(FileChannel channel, Progress progress) throws IOException {
        try (Progress.Stage stage = progress.begin("waiting for another download of this model", 1)) {
            FileLock lock = channel.lock();
            stage.step();
            return lock;
        }
    }
}
