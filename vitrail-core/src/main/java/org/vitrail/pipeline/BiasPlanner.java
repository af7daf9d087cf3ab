package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.TokenSensitivity;
import org.vitrail.capture.TokenWeights;
import org.vitrail.compensate.EmpiricalBiasCorrection;
import org.vitrail.compensate.LayerOutput;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;

/**
 * Plans the bias corrections of a plan: measures the mean error of each output channel in the quantized model and
 * subtracts it from the bias, where the method asks for measured corrections.
 */
final class BiasPlanner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final RunContext context;

    BiasPlanner(Recognition recognition, QuantizationConfig config, RunContext context) {
        this.recognition = recognition;
        this.config = config;
        this.context = context;
    }

    /** Returns the plan with measured bias corrections, or the plan itself where the method asks for none. */
    Plan correct(Plan plan, ExampleSource inputs) {
        return switch (config.method().biasCorrection()) {
            case NONE, ANALYTIC, RELATIVE -> plan;
            case EMPIRICAL -> measured(plan, inputs);
        };
    }

    private Plan measured(Plan plan, ExampleSource inputs) {
        Set<String> planned = plan.layers().stream().map(LinearPlan::layer).collect(Collectors.toSet());
        List<LinearLayer> layers = recognition.layers().stream()
                .filter(layer -> planned.contains(layer.output()))
                .toList();
        Map<String, TokenWeights> tokens = tokenWeights(layers, inputs);
        Map<String, String> results = new HashMap<>();
        List<LayerOutput> compared = new ArrayList<>();
        for (LinearLayer layer : layers) {
            results.put(layer.output(), layer.result());
            compared.add(new LayerOutput(
                    layer.result(),
                    layer.outFeatures(),
                    layer.isConvolution() ? 3 : 1,
                    tokens.getOrDefault(layer.result(), TokenWeights.EVEN)));
        }
        Map<String, float[]> errors = EmpiricalBiasCorrection.measure(
                recognition.graph(), Deployment.of(recognition, plan, config.target()), compared, inputs, context);
        return new Plan(
                plan.layers().stream()
                        .map(layer -> layer.withBiasCorrection(errors.get(results.get(layer.layer()))))
                        .toList(),
                plan.products());
    }

    private Map<String, TokenWeights> tokenWeights(List<LinearLayer> layers, ExampleSource inputs) {
        if (!config.method().tokenWeights()) {
            return Map.of();
        }
        return TokenSensitivity.measure(
                recognition.graph(), layers.stream().map(LinearLayer::result).toList(), inputs, context);
    }
}
