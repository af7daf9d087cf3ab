package org.vitrail.verify;

import java.util.Arrays;
import java.util.Optional;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.task.Answer;
import org.vitrail.tensor.VitrailException;

/** Accumulates {@link DenseMetrics}, one example after the other. */
final class DenseAccumulator implements MetricAccumulator {
    private int examples;
    private int compared;
    private long places;
    private long[] byBoth = new long[0];
    private long[] byReference = new long[0];
    private long[] byModel = new long[0];
    private double noise;
    private double signal;

    @Override
    public void add(Answer answer, Optional<Answer> reference, GroundTruth truth) {
        examples++;
        reference.ifPresent(other -> compare((Answer.Labels) other, (Answer.Labels) answer));
    }

    private void compare(Answer.Labels reference, Answer.Labels model) {
        if (reference.labels().length != model.labels().length || reference.classes() != model.classes()) {
            throw new VitrailException("the two models cannot be compared: one gives " + reference.classes()
                    + " classes to " + reference.labels().length + " places, the other " + model.classes() + " to "
                    + model.labels().length);
        }
        int classes = Math.max(byBoth.length, Math.max(2, model.classes()));
        byBoth = Arrays.copyOf(byBoth, classes);
        byReference = Arrays.copyOf(byReference, classes);
        byModel = Arrays.copyOf(byModel, classes);
        compared++;
        places += model.labels().length;
        for (int i = 0; i < model.labels().length; i++) {
            int wanted = reference.labels()[i];
            int got = model.labels()[i];
            byReference[wanted]++;
            byModel[got]++;
            byBoth[wanted] += wanted == got ? 1 : 0;
        }
        noise += SquaredDistance.between(model.scores(), reference.scores());
        signal += SquaredDistance.fromZero(reference.scores());
    }

    @Override
    public TaskMetrics metrics() {
        double iouSum = 0;
        int given = 0;
        for (int label = 0; label < byBoth.length; label++) {
            long any = byReference[label] + byModel[label] - byBoth[label];
            iouSum += any == 0 ? 0 : (double) byBoth[label] / any;
            given += any == 0 ? 0 : 1;
        }
        return new DenseMetrics(
                examples,
                compared,
                places,
                Arrays.stream(byBoth).sum(),
                iouSum / given,
                noise == 0 ? 0 : noise / signal);
    }
}
