package org.vitrail.verify;

import java.util.Optional;
import org.vitrail.task.Answer;
import org.vitrail.task.Task;

/**
 * Adds up how a model does on examples, one at a time and in their order, so that the result does not depend on the
 * number of threads that run models.
 */
interface MetricAccumulator {
    /**
     * One more example; answers are of the kind that the tally's task gives.
     *
     * @param reference what the reference model says of it
     */
    void add(Answer answer, Optional<Answer> reference, GroundTruth truth);

    TaskMetrics metrics();

    /** A new one for a task. */
    static MetricAccumulator of(Task.Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> new ClassificationAccumulator();
            case DETECTION -> new DetectionAccumulator();
            case EMBEDDING -> new EmbeddingAccumulator();
            case DENSE -> new DenseAccumulator();
        };
    }
}
