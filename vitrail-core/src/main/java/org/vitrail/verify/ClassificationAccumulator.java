package org.vitrail.verify;

import java.util.Optional;
import org.vitrail.task.Answer;

/** Accumulates {@link ClassificationMetrics}, one example after the other. */
final class ClassificationAccumulator implements MetricAccumulator {
    private ClassificationMetrics sum = ClassificationMetrics.none();

    @Override
    public void add(Answer answer, Optional<Answer> reference, GroundTruth truth) {
        float[] logits = ((Answer.Scores) answer).logits();
        sum = sum.plus(reference
                .map(other -> ClassificationMetrics.of(((Answer.Scores) other).logits(), logits, truth.label()))
                .orElseGet(() -> ClassificationMetrics.of(logits, truth.label())));
    }

    @Override
    public TaskMetrics metrics() {
        return sum;
    }
}
