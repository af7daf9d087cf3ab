package org.vitrail.verify;

import java.util.Optional;

/** {@link Metrics} of one example after the other. */
final class ClassificationTally implements Tally {
    private Metrics sum = Metrics.none();

    @Override
    public void add(Answer answer, Optional<Answer> reference, Truth truth) {
        float[] logits = ((Answer.Scores) answer).logits();
        sum = sum.plus(reference
                .map(other -> Metrics.of(((Answer.Scores) other).logits(), logits, truth.label()))
                .orElseGet(() -> Metrics.of(logits, truth.label())));
    }

    @Override
    public TaskMetrics metrics() {
        return sum;
    }
}
