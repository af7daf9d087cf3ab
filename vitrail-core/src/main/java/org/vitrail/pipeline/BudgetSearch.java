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
import org.vitrail.export.Target;
import org.vitrail.graph.Graph;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.Evaluation;
import org.vitrail.verify.TaskMetrics;
import org.vitrail.work.Progress;

/** Finds the point of the frontier that a budget asks for; where the real model has to decide, it is built and asked. */
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

    /** The rest of the file is measured on the smallest choice; what real files have beyond it is taken off the budget. */
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
        return Deployment.of(model.recognition(), plans.plan(point.choice()), Target.PORTABLE);
    }

    /** Bisection: agreement grows along the frontier, but for the noise of a few images. */
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

    /** Where nothing is predicted, such as no box, the share of what the float model says that is not lost. */
    private double agreement(Engine reference, ParetoFrontier.Point point, Progress.Stage stage) {
        try (Engine candidate = context.open(graph(point))) {
            TaskMetrics metrics = Evaluation.compare(task, reference, candidate, calibration, context, () -> {})
                    .metrics();
            stage.step();
            return metrics.agreement().orElse(1 - metrics.lostShare().orElse(0));
        }
    }
}
