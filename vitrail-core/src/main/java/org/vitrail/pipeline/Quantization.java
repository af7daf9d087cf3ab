package org.vitrail.pipeline;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.Recognition;
import org.vitrail.canonical.BatchNormFolding;
import org.vitrail.canonical.ConstantFolding;
import org.vitrail.canonical.ConvolutionAsMatMul;
import org.vitrail.canonical.EinsumAsMatMul;
import org.vitrail.canonical.EngineEvaluator;
import org.vitrail.canonical.FusedOperatorDecomposition;
import org.vitrail.canonical.ModelCheck;
import org.vitrail.canonical.OpsetUpgrade;
import org.vitrail.canonical.PatchEmbeddingAsMatMul;
import org.vitrail.canonical.RowProducts;
import org.vitrail.canonical.SinglePrecision;
import org.vitrail.canonical.TransposedConvolution;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.Capture;
import org.vitrail.engine.EngineProvider;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.export.StoredPrecision;
import org.vitrail.fold.Transform;
import org.vitrail.graph.Graph;
import org.vitrail.plan.Plan;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;

/** The whole run, from a float graph to a quantized one that has been verified. */
public final class Quantization {
    private Quantization() {}

    /**
     * The form of a model in which its parts are recognised: float32, in standard operators, Einsum as the products that it
     * stands for, constants folded. Inputs and outputs keep names, types and shapes.
     *
     * @param file what messages call the model
     * @param engines computes constants
     * @throws org.vitrail.tensor.VitrailException for operators that a runtime fused and that cannot be taken apart
     */
    public static Graph prepared(Graph graph, String file, EngineProvider engines) {
        Graph standard = FusedOperatorDecomposition.takenApart(SinglePrecision.of(upgraded(graph, file)), file);
        return ConstantFolding.fold(EinsumAsMatMul.rewrite(standard), new EngineEvaluator(engines));
    }

    private static Graph upgraded(Graph graph, String file) {
        try {
            return OpsetUpgrade.to(graph, OpsetUpgrade.OLDEST);
        } catch (VitrailException e) {
            throw new VitrailException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * Finds the parts of a float model, in the form of {@link #prepared} and with convolutions and all products with a
     * constant written as rows times a matrix, which runs in integers.
     *
     * @param graph the float model
     * @param file what messages call it
     * @param engines computes constants
     * @throws org.vitrail.tensor.VitrailException when the model cannot be quantized, with what to do
     */
    public static Recognition recognise(Graph graph, String file, EngineProvider engines) {
        ModelCheck.requireQuantizable(graph, file);
        return recogniseParts(graph, file, engines);
    }

    /** As {@link #recognise}, also for models in which there is nothing to quantize. */
    public static Recognition recogniseParts(Graph graph, String file, EngineProvider engines) {
        Graph folded = BatchNormFolding.rewrite(prepared(graph, file, engines));
        Graph products =
                ConvolutionAsMatMul.rewrite(TransposedConvolution.rewrite(PatchEmbeddingAsMatMul.rewrite(folded)));
        return Recognition.of(RowProducts.rewrite(products));
    }

    /**
     * Quantizes a float model: the whole run, on as many threads as fit into the memory.
     *
     * @param opened the model as it is in its file, which the result is compared with
     * @param file what messages call it
     * @param task what the model is for: by what the result is judged
     * @param calibration what intervals are chosen on
     * @param heldBack what the result is judged on; none of it in {@code calibration}
     * @throws VitrailException when the model cannot be quantized or does not fit into the memory, with what to do
     */
    public static QuantizationResult run(
            Graph opened,
            String file,
            Task task,
            ExampleSource calibration,
            ExampleSource heldBack,
            QuantizationConfig config,
            RunContext context) {
        PreparedModel prepared = new PreparedModel(opened, recognise(opened, file, context.engines()));
        MemoryNeed need = MemoryNeed.of(
                prepared.recognition(),
                calibration.size(),
                widths(prepared, task, config, context).size(),
                config);
        int threads = need.threads(file, context.threads(), MemoryNeed.Limits.ofThisProcess());
        return run(
                prepared,
                task,
                calibration,
                heldBack,
                config.withCapture(config.capture().withThreads(threads)),
                context.withThreads(threads));
    }

    private static QuantizationResult run(
            PreparedModel prepared,
            Task task,
            ExampleSource calibration,
            ExampleSource heldBack,
            QuantizationConfig config,
            RunContext context) {
        PreparedModel model = transform(prepared, calibration, config, context);
        PlanningResult planned =
                plan(model, task, calibration, List.of(config), context).getFirst();
        Plan plan = planned.plan();
        Graph deployed =
                StoredPrecision.restore(Deployment.of(model.recognition(), plan, config.target()), model.opened());
        Verification verification = Verification.of(model, plan, deployed, task, heldBack, context);
        return new QuantizationResult(deployed, model.recognition(), plan, planned.allocation(), verification);
    }

    /**
     * Applies the method's {@link Transform}s in their order. Each observes the calibration examples in the model that
     * those before it made, and the parts are recognised anew after each.
     */
    public static PreparedModel transform(
            PreparedModel model, ExampleSource calibration, QuantizationConfig config, RunContext context) {
        Recognition recognition = model.recognition();
        for (Transform transform : config.method().transforms()) {
            Map<String, Integer> values = transform.observes(recognition);
            Map<String, ActivationStatistics> statistics = new LinkedHashMap<>();
            if (!values.isEmpty()) {
                int sampleRows = config.capture().sampleRows();
                new Capture(recognition.graph(), calibration, sampleRows, Map.of(), context)
                        .run(values, statistics::putAll);
            }
            recognition = Recognition.of(transform.apply(recognition, statistics));
        }
        return new PreparedModel(model.opened(), recognition);
    }

    /**
     * A plan for each of several configurations, from one observation of the model.
     *
     * @param model after the transforms of the configurations' method
     * @param task what the model is for: by what bits are given to modules where they are given by outputs
     * @param configs which differ in their bits and mixed precision only; at least one
     */
    public static List<PlanningResult> plan(
            PreparedModel model,
            Task task,
            ExampleSource calibration,
            List<QuantizationConfig> configs,
            RunContext context) {
        Recognition recognition = model.recognition();
        Set<Bits> widths = new LinkedHashSet<>();
        configs.forEach(config -> widths.addAll(widths(model, task, config, context)));
        Map<Bits, Plan> ofWidths = plans(recognition, calibration, configs.getFirst(), widths, context);
        return configs.stream()
                .map(config -> {
                    PlanningResult planned = config.mixedPrecision()
                            .map(settings -> new MixedPrecisionPlanner(model, task, config, settings, context)
                                    .choose(ofWidths, calibration))
                            .orElseGet(() -> PlanningResult.uniform(ofWidths.get(config.bits())));
                    return planned.withPlan(
                            new BiasPlanner(recognition, config, context).correct(planned.plan(), calibration));
                })
                .toList();
    }

    /**
     * A plan for each of several widths, the same for all modules, from one observation of the model; biases have what
     * follows from it alone. The bits of {@code config} count for nothing here.
     */
    public static Map<Bits, Plan> plans(
            Recognition recognition,
            ExampleSource calibration,
            QuantizationConfig config,
            Set<Bits> widths,
            RunContext context) {
        return new Planner(recognition, config, context).plan(calibration, widths);
    }

    private static Set<Bits> widths(PreparedModel model, Task task, QuantizationConfig config, RunContext context) {
        return config.mixedPrecision()
                .map(settings -> new MixedPrecisionPlanner(model, task, config, settings, context).widths())
                .orElse(Set.of(config.bits()));
    }
}
