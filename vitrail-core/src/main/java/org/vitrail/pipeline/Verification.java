package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.block.Attention;
import org.vitrail.block.Block;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.SaturationProof;
import org.vitrail.graph.Graph;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.task.Task;
import org.vitrail.verify.AttentionRankPreservation;
import org.vitrail.verify.DeploymentCheck;
import org.vitrail.verify.Evaluation;
import org.vitrail.verify.RelativeError;
import org.vitrail.verify.TaskMetrics;
import org.vitrail.verify.Verdict;
import org.vitrail.work.Progress;

/**
 * Verifies a quantized model on held-back examples. Outputs are compared with those of the model as it was opened;
 * values inside, which that model may not have, with those of its prepared form.
 *
 * @param deployment the model as it is deployed against the same model in ONNX Runtime's exact form
 * @param metrics of the model's task, against the float model as it was opened
 * @param outputErrors of each output, against the float model
 * @param proof that no product saturates, on any CPU
 * @param layerErrors of every quantized layer, on a few examples; empty when all is well
 * @param attentionOrder how much of the order of attention scores is kept, on a few examples, attention by attention
 */
public record Verification(
        DeploymentCheck deployment,
        TaskMetrics metrics,
        List<RelativeError> outputErrors,
        Verdict verdict,
        SaturationProof proof,
        List<RelativeError> layerErrors,
        List<AttentionRankPreservation> attentionOrder) {
    /** Number of examples on which attention, and layers when the verdict is not good, are compared. */
    private static final int DIAGNOSTIC_EXAMPLES = 4;

    public Verification {
        outputErrors = List.copyOf(outputErrors);
        layerErrors = List.copyOf(layerErrors);
        attentionOrder = List.copyOf(attentionOrder);
    }

    static Verification of(
            PreparedModel model, Plan plan, Graph quantized, Task task, ExampleSource heldBack, RunContext context) {
        Recognition recognition = model.recognition();
        EngineOptions exactly =
                EngineOptions.defaults().withExactInt8(context.engines().hasExactForm());
        DeploymentCheck deployment;
        Evaluation evaluation;
        try (Engine deployed = context.open(quantized);
                Engine exact = context.engines().open(quantized, exactly);
                Engine reference = context.open(model.opened())) {
            deployment = DeploymentCheck.run(deployed, exact, heldBack, context);
            evaluation = compare(task, reference, deployed, heldBack, context);
        }
        int bits = bits(recognition, plan);
        Verdict verdict = Verdict.of(evaluation.metrics(), bits, List.of());
        List<RelativeError> errors = List.of();
        if (verdict.level() == Verdict.Level.NOTICEABLE || verdict.level() == Verdict.Level.COLLAPSE) {
            errors = layerErrors(recognition, quantized, heldBack, context);
            verdict = Verdict.of(evaluation.metrics(), bits, errors);
        }
        return new Verification(
                deployment,
                evaluation.metrics(),
                evaluation.outputErrors(),
                verdict,
                SaturationProof.of(quantized),
                errors,
                attentionOrder(recognition, quantized, heldBack, context));
    }

    /**
     * Returns the bit width that the verdict assumes: the average over weights in blocks of the smaller of weight and
     * activation bits. Patch embedding and head count only in models without blocks.
     */
    private static int bits(Recognition recognition, Plan plan) {
        Set<String> edges = recognition.layers().stream()
                .filter(layer -> layer.role().isEdge())
                .map(LinearLayer::output)
                .collect(Collectors.toSet());
        List<LinearPlan> inBlocks = plan.layers().stream()
                .filter(layer -> !edges.contains(layer.layer()))
                .toList();
        double weights = 0;
        double bits = 0;
        for (LinearPlan layer : inBlocks.isEmpty() ? plan.layers() : inBlocks) {
            int ofInput = Integer.bitCount(layer.input().main().grid().highest());
            double count = (double) layer.weight().rows() * layer.weight().columns();
            weights += count;
            bits += count * Math.min(layer.weight().bits().bits(), ofInput);
        }
        return weights == 0 ? 8 : (int) Math.round(bits / weights);
    }

    private static Evaluation compare(
            Task task, Engine reference, Engine deployed, ExampleSource examples, RunContext context) {
        try (Progress.Stage stage = context.progress().begin("comparing with the float model", examples.size())) {
            return Evaluation.compare(task, reference, deployed, examples, context, stage::step);
        }
    }

    private static List<AttentionRankPreservation> attentionOrder(
            Recognition recognition, Graph quantized, ExampleSource examples, RunContext context) {
        List<AttentionRankPreservation.Scores> scores = new ArrayList<>();
        for (Block block : recognition.blocks()) {
            for (int i = 0; i < block.attentions().size(); i++) {
                Attention attention = block.attentions().get(i);
                String name = "block " + block.index() + (block.attentions().size() > 1 ? " attention " + i : "");
                if (attention.scores().isPresent()) {
                    scores.add(new AttentionRankPreservation.Scores(
                            name, attention.softmaxInput(), attention.querySide() == 1));
                }
            }
        }
        return AttentionRankPreservation.measure(
                recognition.graph(), quantized, scores, examples.first(DIAGNOSTIC_EXAMPLES), context);
    }

    private static List<RelativeError> layerErrors(
            Recognition recognition, Graph quantized, ExampleSource examples, RunContext context) {
        Map<String, String> names = new LinkedHashMap<>();
        for (LinearLayer layer : recognition.layers()) {
            names.put(layer.result(), LayerNames.of(layer));
        }
        List<RelativeError> errors = new ArrayList<>();
        for (RelativeError error : RelativeError.measure(
                recognition.graph(),
                quantized,
                List.copyOf(names.keySet()),
                examples.first(DIAGNOSTIC_EXAMPLES),
                context)) {
            errors.add(new RelativeError(names.get(error.layer()), error.relative()));
        }
        return errors;
    }
}
