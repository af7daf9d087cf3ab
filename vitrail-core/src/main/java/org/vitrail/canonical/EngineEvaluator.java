package org.vitrail.canonical;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;
import org.vitrail.ort.OrtEngine;

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
            Map<String, Weight> values = new LinkedHashMap<>(engine.runRaw(Map.of()));
            values.replaceAll((name, weight) -> ScratchFile.kept(weight));
            return values;
        }
    }
}
