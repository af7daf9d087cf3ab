package org.vitrail.verify;

import java.io.IOException;
import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.wire.WireOutput;

/**
 * Accumulates a model's metrics over numbered examples. The metrics are the same to the bit in whatever order examples
 * are added, and however they are split over accumulators that are merged.
 */
interface MetricAccumulator {
    /**
     * Adds one example; answers are of the kind that the accumulator's task gives.
     *
     * @param example its number among all examples, from 0 on; each is added once
     * @param reference the reference model's answer
     */
    void add(int example, Answer answer, Optional<Answer> reference, GroundTruth truth);

    /** Takes over the other examples that an accumulator of the same class has, which is not to be used afterwards. */
    void merge(MetricAccumulator more);

    /** Returns the number of examples that were added. */
    int examples();

    TaskMetrics metrics();

    /** Writes everything that {@link #metrics} and {@link #merge} need. */
    void write(WireOutput out) throws IOException;
}
