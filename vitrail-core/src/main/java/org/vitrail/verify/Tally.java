package org.vitrail.verify;

import java.util.Optional;

/**
 * Adds up how a model does on examples, one at a time and in their order, so that the result does not depend on the
 * number of threads that run models.
 */
interface Tally {
    /**
     * One more example; answers are of the kind that the tally's task gives.
     *
     * @param reference what the reference model says of it
     */
    void add(Answer answer, Optional<Answer> reference, Truth truth);

    TaskMetrics metrics();

    /** A new one for a task. */
    static Tally of(Task.Kind kind) {
        return switch (kind) {
            case CLASSIFICATION -> new ClassificationTally();
            case DETECTION -> new DetectionTally();
            case EMBEDDING -> new EmbeddingTally();
            case DENSE -> new DenseTally();
        };
    }
}
