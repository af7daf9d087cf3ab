package org.vitrail.runtime;

import java.util.Map;
import org.vitrail.graph.ConstantEvaluator;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;

/** Computes the constants of a graph by running that part of it once. */
public final class EngineEvaluator implements ConstantEvaluator {
    /**
     * {@inheritDoc}
     *
     * @throws org.vitrail.tensor.VitrailException when ONNX Runtime cannot run the part
     */
    @Override
    public Map<String, Weight> evaluate(Graph constants) {
        try (Engine engine = OrtEngine.open(constants, EngineOptions.defaults().withOptimized(false))) {
            return engine.runRaw(Map.of());
        }
    }
}
