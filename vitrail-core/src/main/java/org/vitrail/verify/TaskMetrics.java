package org.vitrail.verify;

import java.util.List;
import java.util.OptionalDouble;

/** The metrics of a model on some examples, by ground truth where it is known and compared with a reference model. */
public interface TaskMetrics {
    /** Returns the number of examples that were run. */
    int examples();

    /** Returns the number of those that the reference model was run on too. */
    int compared();

    /** Returns the agreement with the reference model, 0 to 1; empty where there is nothing to compare. */
    OptionalDouble agreement();

    /** Returns the share of the reference model's information that is lost, at least 0; empty without a reference. */
    OptionalDouble lostShare();

    /**
     * Returns the mean divergence from the reference model, in the unit of the task: nats for classes,
     * {@link #lostShare} for others; empty without a reference. Sensitivities are measured by it.
     */
    default OptionalDouble divergence() {
        return lostShare();
    }

    /** Returns whether the metrics say how good the model is; {@link #found} says why not. */
    default boolean isJudged() {
        return true;
    }

    /**
     * Returns how similar the outputs themselves are to the reference model's, 0 to 1, where {@link #agreement} counts
     * choices among examples that may all be alike; empty where the agreement alone says it.
     */
    default OptionalDouble similarity() {
        return OptionalDouble.empty();
    }

    /** {@code 64 held-back images}. */
    static String heldBack(int count) {
        return count + (count == 1 ? " held-back image" : " held-back images");
    }

    /** Returns the task's metrics, the most important first. */
    List<MetricValue> figures();

    /** Returns the agreement with the float model as the beginning of a sentence. */
    String found();

    /** Returns the closeness to the float model as part of a sentence. */
    String closeness();
}
