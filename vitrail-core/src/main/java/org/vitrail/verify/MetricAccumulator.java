package org.vitrail.verify;

import java.util.Optional;
import org.vitrail.task.Answer;

/**
 * Accumulates a model's metrics over examples, one at a time and in their order, so that the result does not depend on
 * the number of threads that run models.
 */
interface MetricAccumulator {
    /**
     * Adds one example; answers are of the kind that the accumulator's task gives.
     *
     * @param reference the reference model's answer
     */
    void add(Answer answer, Optional<Answer> reference, GroundTruth truth);

    TaskMetrics metrics();
}
