package org.vitrail.verify;

import java.util.List;
import java.util.OptionalDouble;

/** How a model did on some examples, whatever its task: by what is known of them, and compared with a reference model. */
public sealed interface TaskMetrics permits ClassificationMetrics, DetectionMetrics, EmbeddingMetrics, DenseMetrics {
    /** Examples that were run. */
    int examples();

    /** Of those, the ones that the reference model was run on too. */
    int compared();

    /** How often the model says what the reference model says, 0 to 1; empty where there is nothing to compare. */
    OptionalDouble agreement();

    /** The share that is lost of what the reference model says, from 0 on; empty without a reference. */
    OptionalDouble lostShare();

    /**
     * How far the mean example is from the reference model's, in the unit of the task: nats for classes, {@link
     * #lostShare} for others; empty without a reference. What sensitivities are made of.
     */
    default OptionalDouble divergence() {
        return lostShare();
    }

    /** The figures of the task, the first ones first. */
    List<MetricValue> figures();

    /** How often the model says what the float model says, as the beginning of a sentence. */
    String found();

    /** How close the model is where it does not say the same, as part of a sentence. */
    String closeness();
}
