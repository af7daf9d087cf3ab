package org.vitrail.engine;

import java.util.List;
import org.vitrail.graph.Graph;
import org.vitrail.work.Progress;

/**
 * Carries what every stage of a run needs besides its data.
 *
 * @param engines opens the graphs that are run
 * @param threads images that are worked on at once (1 or more); no result depends on it
 * @param heldBytes values and statistics that are held at once, in bytes; more are computed in more passes over the
 *     images
 * @param seed of every random choice
 * @param progress is told how far the run is
 */
public record RunContext(EngineProvider engines, int threads, long heldBytes, long seed, Progress progress) {
    private static final long DEFAULT_HELD_BYTES = 256L << 20;

    public RunContext {
        if (threads < 1 || heldBytes < 1) {
            throw new IllegalArgumentException(
                    "a run needs at least one thread and one byte, got " + threads + " and " + heldBytes);
        }
    }

    /** The preferred engine, a thread a core, 256 MB, seed 0 and no progress. */
    public static RunContext defaults() {
        return of(Engines.preferred());
    }

    /** This engine, a thread a core, 256 MB, seed 0 and no progress. */
    public static RunContext of(EngineProvider engines) {
        return new RunContext(
                engines, Runtime.getRuntime().availableProcessors(), DEFAULT_HELD_BYTES, 0, Progress.none());
    }

    public RunContext withThreads(int newThreads) {
        return new RunContext(engines, newThreads, heldBytes, seed, progress);
    }

    public RunContext withHeldBytes(long newHeldBytes) {
        return new RunContext(engines, threads, newHeldBytes, seed, progress);
    }

    public RunContext withSeed(long newSeed) {
        return new RunContext(engines, threads, heldBytes, newSeed, progress);
    }

    public RunContext withProgress(Progress newProgress) {
        return new RunContext(engines, threads, heldBytes, seed, newProgress);
    }

    /** Returns the runner that runs examples on the threads of this context. */
    public ImageRunner runner() {
        return new ImageRunner(threads);
    }

    /** Opens a graph with the model's own outputs; each run takes one thread. */
    public Engine open(Graph graph) {
        return engines.open(graph, EngineOptions.defaults());
    }

    /** Opens a graph to compute these values; each run takes one thread. */
    public Engine open(Graph graph, List<String> values) {
        return engines.open(graph, EngineOptions.defaults().withOutputs(values));
    }
}
