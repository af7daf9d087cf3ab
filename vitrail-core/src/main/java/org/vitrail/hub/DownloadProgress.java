package org.vitrail.hub;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vitrail.work.Progress;

/** Tells how much of several files has come, in megabytes; a file that starts again does not count backwards. */
final class DownloadProgress implements AutoCloseable {
    private static final long MEGABYTE = 1_000_000;

    private final Progress.Stage stage;
    private final Map<RemoteFile, Long> reached = new HashMap<>();
    private long bytes;
    private long steps;

    DownloadProgress(List<RemoteFile> files, HubReference reference, Progress progress) {
        long total = files.stream().mapToLong(RemoteFile::size).sum();
        this.stage = progress.begin(
                "downloading " + reference.name() + ", MB", (int) Math.min(Integer.MAX_VALUE, total / MEGABYTE));
    }

    /** So many bytes of a file are there. */
    void reached(RemoteFile file, long size) {
        long before = reached.getOrDefault(file, 0L);
        if (size > before) {
            reached.put(file, size);
            bytes += size - before;
            for (; steps < bytes / MEGABYTE; steps++) {
                stage.step();
            }
        }
    }

    /** {@code 22.9 MB}. */
    static String text(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", (double) bytes / MEGABYTE);
    }

    @Override
    public void close() {
        stage.close();
    }
}
