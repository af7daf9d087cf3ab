package org.vitrail.ort;

import java.nio.file.Path;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.graph.Graph;

/** Runs models by ONNX Runtime on the CPU; takes every model that ONNX Runtime loads. */
public final class OrtProvider implements EngineProvider {
    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public String version() {
        return OrtRuntime.environment().getVersion();
    }

    @Override
    public boolean hasExactForm() {
        return true;
    }

    @Override
    public Engine open(Graph graph, EngineOptions options) {
        return OrtEngine.open(graph, options);
    }

    @Override
    public Engine open(Path path, EngineOptions options) {
        return OrtEngine.open(path, options);
    }
}
