package org.vitrail.canonical;

import java.util.LinkedHashMap;
import java.util.Map;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.EngineProvider;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ScratchFile;
import org.vitrail.graph.Weight;

/** Computes the constants of a graph by running that part of it once. */
public record EngineEvaluator(EngineProvider engines) implements ConstantEvaluator {
    /**
     * {@inheritDoc}
     *
     * @throws org.vitrail.tensor.VitrailException when the engine cannot run the part
     */
    @Override
    public Map<String, Weight> evaluate(Graph constants) {
        try (Engine engine = engines.open(constants, EngineOptions.defaults().withOptimized(false))) {
            Map<String, Weight> values = new LinkedHashMap<>(engine.runRaw(Map.of()));
            values.replaceAll((name, weight) -> ScratchFile.kept(weight));
            return values;
        }
    }
}
