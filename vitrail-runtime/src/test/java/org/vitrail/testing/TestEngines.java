package org.vitrail.testing;

import java.nio.file.Path;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.Engines;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;

/** Opens models in ONNX Runtime, with which tests compare. */
public final class TestEngines {
    public static final EngineProvider PROVIDER = Engines.named("onnxruntime");

    private TestEngines() {}

    /** The context of a run on so many threads. */
    public static RunContext context(int threads) {
        return RunContext.of(PROVIDER).withThreads(threads);
    }

    public static Engine open(Graph graph) {
        return open(graph, EngineOptions.defaults());
    }

    public static Engine open(Graph graph, EngineOptions options) {
        return PROVIDER.open(graph, options);
    }

    public static Engine open(Path file, EngineOptions options) {
        return PROVIDER.open(file, options);
    }
}
