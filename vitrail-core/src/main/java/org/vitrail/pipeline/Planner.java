package org.vitrail.pipeline;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.Recognition;
import org.vitrail.capture.Capture;
import org.vitrail.capture.ProductCapture;
import org.vitrail.capture.TokenSensitivity;
import org.vitrail.capture.TokenWeights;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.plan.Plan;

/**
 * Plans a recognised model: asks what to observe, observes calibration examples, and searches on the statistics. A
 * layer is searched on its inputs in the float model, whatever the width of the others, so one observation serves plans
 * of several widths.
 */
final class Planner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final RunContext context;

    Planner(Recognition recognition, QuantizationConfig config, RunContext context) {
        this.recognition = recognition;
        this.config = config;
        this.context = context;
    }

    /** Returns a plan for each of these bit widths. */
    Map<Bits, Plan> plan(ExampleSource inputs, Set<Bits> widths) {
        LayerPlanner layers = new LayerPlanner(recognition, config, widths);
        ProductPlanner products = new ProductPlanner(recognition, config, widths);
        Capture capture = new Capture(
                recognition.graph(), inputs, config.capture().sampleRows(), tokenWeights(layers, inputs), context);
        capture.run(layers.observed(), statistics -> layers.act(statistics, context.progress()));
        if (!products.observed().isEmpty()) {
            capture.run(products.observed(), products::act);
        }
        if (!products.observedProducts().isEmpty()) {
            new ProductCapture(recognition.graph(), inputs, config.capture().sampleRows(), context)
                    .run(products.observedProducts(), samples -> products.actOnProducts(samples, context.progress()));
        }
        Map<Bits, Plan> plans = new LinkedHashMap<>();
        widths.forEach(bits -> plans.put(bits, new Plan(layers.plans(bits), products.plans(bits))));
        return plans;
    }

    /** Returns token weights for each layer input: those of the layer's result. */
    private Map<String, TokenWeights> tokenWeights(LayerPlanner layers, ExampleSource inputs) {
        if (!config.method().tokenWeights()) {
            return Map.of();
        }
        Map<String, TokenWeights> measured =
                TokenSensitivity.measure(recognition.graph(), layers.results(), inputs, context);
        return layers.weightsOfInputs(measured);
    }
}
