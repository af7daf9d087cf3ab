package org.vitrail.cli;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.vitrail.report.Units;
import org.vitrail.work.Progress;

/**
 * Draws the innermost running stage of work on one line of a terminal, starting after its first second, and erases it
 * when the stage is done:
 *
 * <pre>
 * evaluating  ━━━━━━━━━━━━━━────────────────  312/650  21.4/s  16 s left
 * </pre>
 */
final class ProgressBar implements Progress {
    private static final double SHOWN_AFTER_SECONDS = 1;
    private static final long REDRAWN_MILLIS = 100;
    private static final int MAX_BAR_COLUMNS = 30;
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintWriter err;
    private final int columns;
    private final AnsiColours paint;
    private final LongSupplier nanoTime;
    private final Deque<Bar> open = new ArrayDeque<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(runnable -> {
        Thread thread = new Thread(runnable, "progress");
        thread.setDaemon(true);
        return thread;
    });
    private ScheduledFuture<?> redrawing;
    private boolean drawn;

    ProgressBar(PrintWriter err, int columns, boolean colours) {
        this(err, columns, colours, System::nanoTime);
    }

    ProgressBar(PrintWriter err, int columns, boolean colours, LongSupplier nanoTime) {
        this.err = err;
        this.columns = columns;
        this.paint = new AnsiColours(colours);
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Stage begin(String name, int total) {
        if (redrawing == null) {
            redrawing = clock.scheduleAtFixedRate(this::draw, REDRAWN_MILLIS, REDRAWN_MILLIS, TimeUnit.MILLISECONDS);
        }
        Bar bar = new Bar(name, total);
        open.push(bar);
        return bar;
    }

    /** Draws the innermost stage, if it has run long enough. */
    synchronized void draw() {
        Bar bar = open.peek();
        if (bar != null && bar.seconds() >= SHOWN_AFTER_SECONDS) {
            err.print(ERASE_LINE + bar.line());
            err.flush();
            drawn = true;
        }
    }

    /** Erases the progress line. */
    synchronized void wipe() {
        if (drawn) {
            err.print(ERASE_LINE);
            err.flush();
            drawn = false;
        }
    }

    private synchronized void close(Bar bar) {
        open.remove(bar);
        wipe();
        if (open.isEmpty() && redrawing != null) {
            redrawing.cancel(false);
            redrawing = null;
        }
    }

    private final class Bar implements Stage {
        private final String name;
        private final int total;
        private final long start = nanoTime.getAsLong();
        private final AtomicInteger steps = new AtomicInteger();

        Bar(String name, int total) {
            this.name = name;
            this.total = total;
        }

        @Override
        public void step() {
            steps.incrementAndGet();
        }

        @Override
        public void close() {
            ProgressBar.this.close(this);
        }

        private double seconds() {
            return (nanoTime.getAsLong() - start) / 1e9;
        }

        private String line() {
            int done = Math.min(steps.get(), total);
            String figures = "  " + done + "/" + total + timing(done);
            int room = Math.min(MAX_BAR_COLUMNS, columns - 1 - name.length() - 2 - figures.length());
            if (room < 5) {
                return (name + figures).substring(0, Math.min(columns - 1, name.length() + figures.length()));
            }
            int filled = total == 0 ? 0 : (int) ((long) room * done / total);
            return name + "  " + paint.accent("━".repeat(filled)) + paint.faint("─".repeat(room - filled)) + figures;
        }

        private String timing(int done) {
            double seconds = seconds();
            if (done == 0) {
                return "  " + Units.duration(seconds);
            }
            double rate = done / seconds;
            return "  " + (rate >= 1 ? Units.digits(rate) + "/s" : Units.duration(1 / rate) + " each")
                    + (done < total ? "  " + Units.duration((total - done) / rate) + " left" : "");
        }
    }
}
