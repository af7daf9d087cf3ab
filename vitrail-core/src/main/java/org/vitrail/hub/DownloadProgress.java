package org.vitrail.hub;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vitrail.work.Progress;

/** Reports the progress of several downloads in megabytes; a restarted file does not move it backwards. */
final class DownloadProgress implements AutoCloseable {
    private static final long BYTES_PER_MEGABYTE = 1_000_000;

    private final Progress.Stage stage;
    private final Map<RemoteFile, Long> reached = new HashMap<>();
    private long bytes;
    private long steps;

    DownloadProgress(List<RemoteFile> files, HubReference reference, Progress progress) {
        long total = files.stream().mapToLong(RemoteFile::size).sum();
        this.stage = progress.begin("downloading " + reference.name() + ", MB", (int)
                Math.min(Integer.MAX_VALUE, total / BYTES_PER_MEGABYTE));
    }

    /** Reports that {@code size} bytes of a file have been downloaded. */
    void reached(RemoteFile file, long size) {
        long before = reached.getOrDefault(file, 0L);
        if (size > before) {
            reached.put(file, size);
            bytes += size - before;
            for (; steps < bytes / BYTES_PER_MEGABYTE; steps++) {
                stage.step();
            }
        }
    }

    /** Formats a size as in {@code 22.9 MB}. */
    static String text(long bytes) {
        return String.format(Locale.ROOT, "%,.1f MB", (double) bytes / BYTES_PER_MEGABYTE);
    }

    @Override
    public void close() {
        stage.close();
    }
}
