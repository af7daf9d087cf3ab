package org.vitrail.pipeline;

import java.util.List;
import java.util.Locale;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.allocate.ParetoFrontier;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.export.Deployment;
import org.vitrail.export.StoredPrecision;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.Evaluation;
import org.vitrail.verify.TaskMetrics;
import org.vitrail.work.Progress;

/**
 * Finds the mixed-precision plan that meets a budget. Size and agreement are measured on models built from candidate
 * plans.
 */
final class BudgetSearch {
    private final PreparedModel model;
    private final Task task;
    private final MixedPrecision settings;
    private final CandidatePlans plans;
    private final ExampleSource calibration;
    private final RunContext context;

    BudgetSearch(
            PreparedModel model,
            Task task,
            MixedPrecision settings,
            CandidatePlans plans,
            ExampleSource calibration,
            RunContext context) {
        this.model = model;
        this.task = task;
        this.settings = settings;
        this.plans = plans;
        this.calibration = calibration;
        this.context = context;
    }

    Allocation choose(double[][] sensitivities) {
        long[][] sizes = switch (settings.budget()) {
            case Budget.AverageBits average -> plans.weightBits();
            case Budget.FileSize file -> file.compressed() ? plans.entropyBytes() : plans.storedBytes();
            case Budget.Agreement agreement -> plans.weightBits();
        };
        ParetoFrontier frontier = ParetoFrontier.of(sizes, sensitivities);
        ParetoFrontier.Point chosen = switch (settings.budget()) {
            case Budget.AverageBits average -> ofAverage(frontier, average.bits());
            case Budget.FileSize file -> ofFileSize(frontier, file);
            case Budget.Agreement agreement -> ofAgreement(frontier, agreement.share());
        };
        return new Allocation(settings, plans.modules(), sensitivities, frontier, chosen.choice());
    }

    private ParetoFrontier.Point ofAverage(ParetoFrontier frontier, double bits) {
        long parameters = plans.modules().stream()
                .mapToLong(module -> module.parameters())
                .sum();
        return frontier.within((long) Math.floor(parameters * bits + 1e-6))
                .orElseThrow(() -> new VitrailException(String.format(
                        Locale.ROOT,
                        "an average of %s bits cannot be kept with the widths %s: allow a smaller one",
                        bits,
                        settings.candidates())));
    }

    /** Subtracts from the budget what the smallest candidate has beyond its weights: the rest of the file. */
    private ParetoFrontier.Point ofFileSize(ParetoFrontier frontier, Budget.FileSize file) {
        long bytes = file.bytes();
        long smallest = bytes(frontier.smallest(), file);
        if (smallest > bytes) {
            throw new VitrailException("a file of " + bytes + " bytes is too small for this model: with "
                    + settings.candidates().getFirst() + " bits in every module it takes " + smallest
                    + " bytes; allow a larger file, or fewer bits");
        }
        long limit = frontier.smallest().size() + bytes - smallest;
        while (true) {
            ParetoFrontier.Point point = frontier.within(limit).orElse(frontier.smallest());
            long excess = point.equals(frontier.smallest()) ? 0 : bytes(point, file) - bytes;
            if (excess <= 0) {
                return point;
            }
            limit = point.size() - excess;
        }
    }

    private long bytes(ParetoFrontier.Point point, Budget.FileSize file) {
        return file.compressed() ? OnnxFile.compressedBytes(graph(point)) : OnnxFile.fileBytes(graph(point));
    }

    private Graph graph(ParetoFrontier.Point point) {
        return StoredPrecision.restore(
                Deployment.of(model.recognition(), plans.plan(point.choice()), plans.target()), model.opened());
    }

    /**
     * Finds the smallest plan with the asked agreement by bisection: agreement grows along the frontier, apart from
     * noise.
     */
    private ParetoFrontier.Point ofAgreement(ParetoFrontier frontier, double share) {
        List<ParetoFrontier.Point> points = frontier.points();
        int steps = 33 - Integer.numberOfLeadingZeros(points.size());
        try (Engine reference = context.open(model.opened());
                Progress.Stage stage = context.progress().begin("measuring agreement", steps)) {
            int high = points.size() - 1;
            double best = agreement(reference, points.get(high), stage);
            if (best < share) {
                throw new VitrailException(String.format(
                        Locale.ROOT,
                        "no choice among the widths %s agrees with the float model on %.2f %% of the calibration"
                                + " images, the largest does on %.2f %%: allow more bits, or less agreement",
                        settings.candidates(),
                        100 * share,
                        100 * best));
            }
            int low = 0;
            while (low < high) {
                int middle = (low + high) / 2;
                if (agreement(reference, points.get(middle), stage) >= share) {
                    high = middle;
                } else {
                    low = middle + 1;
                }
            }
            return points.get(high);
        }
    }

    /** Returns the agreement of the two models; for tasks without predictions, one minus the loss in signal. */
    private double agreement(Engine reference, ParetoFrontier.Point point, Progress.Stage stage) {
        try (Engine candidate = context.open(graph(point))) {
            TaskMetrics metrics = Evaluation.compare(task, reference, candidate, calibration, context, () -> {})
                    .metrics();
            stage.step();
            return metrics.agreement().orElse(1 - metrics.lostShare().orElse(0));
        }
    }
}
