package org.vitrail.engine;

import java.util.List;

/**
 * How an engine runs.
 *
 * @param threads threads that work on one run (1 or more)
 * @param optimized whether ONNX Runtime may rewrite the graph (fuse, fold) before it runs
 * @param exactInt8 whether products of uint8 by constant int8 must be exact on every CPU; without it, CPUs that have
 *     AVX2 but no VNNI may saturate sums of two products at 16 bits (ONNX Runtime's session.x64quantprecision)
 * @param outputs names of the values that a run returns, intermediate ones too; only what they need is computed. Empty
 *     for the model's own outputs
 */
public record EngineOptions(int threads, boolean optimized, boolean exactInt8, List<String> outputs) {
    public EngineOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("an engine needs at least one thread, got " + threads);
        }
        outputs = outputs.stream().distinct().toList();
    }

    /** One thread, optimized, the model's own outputs, int8 as fast as the CPU does it. */
    public static EngineOptions defaults() {
        return new EngineOptions(1, true, false, List.of());
    }

    public EngineOptions withThreads(int newThreads) {
        return new EngineOptions(newThreads, optimized, exactInt8, outputs);
    }

    public EngineOptions withOptimized(boolean newOptimized) {
        return new EngineOptions(threads, newOptimized, exactInt8, outputs);
    }

    public EngineOptions withExactInt8(boolean newExactInt8) {
        return new EngineOptions(threads, optimized, newExactInt8, outputs);
    }

    public EngineOptions withOutputs(List<String> newOutputs) {
        return new EngineOptions(threads, optimized, exactInt8, newOutputs);
    }
}
