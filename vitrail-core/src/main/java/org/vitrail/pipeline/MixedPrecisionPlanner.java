package org.vitrail.pipeline;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.DivergenceSensitivity;
import org.vitrail.allocate.FeatureSensitivity;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.allocate.ModuleFinder;
import org.vitrail.allocate.NuclearSensitivity;
import org.vitrail.allocate.RandomSensitivity;
import org.vitrail.allocate.Sensitivity;
import org.vitrail.allocate.SensitivityTask;
import org.vitrail.allocate.TransformerModule;
import org.vitrail.block.Recognition;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.plan.Plan;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.Evaluation;

/**
 * Chooses bit widths per module [P section 3.4]: measures the cost of each module at each width, then takes the
 * cheapest choice within the budget. A layer's plan does not depend on the widths of others, so mixed plans are
 * assembled from plans of one width.
 */
public final class MixedPrecisionPlanner {
    private final PreparedModel model;
    private final Recognition recognition;
    private final Task task;
    private final QuantizationConfig config;
    private final MixedPrecision settings;
    private final RunContext context;

    public MixedPrecisionPlanner(
            PreparedModel model, Task task, QuantizationConfig config, MixedPrecision settings, RunContext context) {
        this.task = task;
        this.model = model;
        this.recognition = model.recognition();
        this.config = config;
        this.settings = settings;
        this.context = context;
    }

    /** Returns the bit widths that need plans: that of the configuration and one for each candidate. */
    public Set<Bits> widths() {
        Set<Bits> widths = new LinkedHashSet<>();
        widths.add(config.bits());
        settings.candidates().forEach(candidate -> widths.add(bits(candidate)));
        return widths;
    }

    private Bits bits(BitWidth candidate) {
        return new Bits(candidate, settings.weightsOnly() ? config.bits().activations() : candidate);
    }

    /**
     * Returns the best plan within the budget.
     *
     * @param plans one for each of {@link #widths()}
     * @throws VitrailException when no choice keeps the budget, with what would
     */
    public PlanningResult choose(Map<Bits, Plan> plans, ExampleSource calibration) {
        Plan usual = plans.get(config.bits());
        List<TransformerModule> modules = ModuleFinder.of(recognition, usual);
        if (modules.isEmpty()) {
            throw new VitrailException(
                    "mixed precision gives bits to attention modules and MLPs, and none was found in "
                            + recognition.graph().name() + ": quantize it without");
        }
        double[][] sensitivities = sensitivity().measure(task(plans, modules, calibration));
        CandidatePlans mixed = new CandidatePlans(
                usual,
                settings.candidates().stream()
                        .map(candidate -> plans.get(bits(candidate)))
                        .toList(),
                modules,
                config.target());
        Allocation allocation =
                new BudgetSearch(model, task, settings, mixed, calibration, context).choose(sensitivities);
        return new PlanningResult(mixed.plan(allocation.chosen()), Optional.of(allocation));
    }

    private SensitivityTask task(Map<Bits, Plan> plans, List<TransformerModule> modules, ExampleSource calibration) {
        return new SensitivityTask(
                recognition.graph(),
                modules,
                settings.candidates(),
                (part, module, width) -> quantized(part, module, plans.get(bits(width))),
                calibration.first(settings.images()),
                context);
    }

    private Sensitivity sensitivity() {
        return switch (settings.measure()) {
            case NUCLEAR -> new NuclearSensitivity();
            case NUCLEAR_FEATURE -> FeatureSensitivity.nuclear();
            case FEATURE -> FeatureSensitivity.even();
            case DIVERGENCE ->
                new DivergenceSensitivity((reference, changed) -> Evaluation.compare(task, reference, changed)
                        .divergence()
                        .orElse(0));
            case RANDOM -> new RandomSensitivity(settings.seed());
        };
    }

    /** A segment of the model with the layers and products of one module quantized. */
    private Graph quantized(Graph part, TransformerModule module, Plan plan) {
        Set<String> present = new HashSet<>();
        part.nodes().stream().map(Node::output).forEach(present::add);
        Plan own = new Plan(
                plan.layers().stream()
                        .filter(layer -> module.layers().contains(layer.layer()) && present.contains(layer.layer()))
                        .toList(),
                plan.products().stream()
                        .filter(product ->
                                module.products().contains(product.product()) && present.contains(product.product()))
                        .toList());
        return Deployment.ofPart(part, recognition.layers(), own, config.target());
    }
}
