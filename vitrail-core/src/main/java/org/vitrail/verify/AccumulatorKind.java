package org.vitrail.verify;

import java.io.IOException;
import java.util.Locale;
import org.vitrail.task.Task;
import org.vitrail.wire.WireInput;

/** The kinds of accumulators, one for each form of answers; their names are part of the wire form. */
enum AccumulatorKind {
    CLASSIFICATION,
    DETECTION,
    EMBEDDING,
    DENSE,
    VALUE_MAP,
    MASKS,
    OTHER;

    static AccumulatorKind of(Task task) {
        return switch (task) {
            case Task.Classification classification -> CLASSIFICATION;
            case Task.ObjectDetection detection -> DETECTION;
            case Task.DetectionList list -> DETECTION;
            case Task.Embedding embedding -> EMBEDDING;
            case Task.Dense dense -> DENSE;
            case Task.ClassMap map -> DENSE;
            case Task.ValueMap map -> VALUE_MAP;
            case Task.Masks masks -> MASKS;
            case Task.Other other -> OTHER;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    MetricAccumulator accumulator() {
        return switch (this) {
            case CLASSIFICATION -> new ClassificationAccumulator();
            case DETECTION -> new DetectionAccumulator();
            case EMBEDDING -> new EmbeddingAccumulator();
            case DENSE -> new DenseAccumulator();
            case VALUE_MAP -> new ValueMapAccumulator();
            case MASKS -> new MaskAccumulator();
            case OTHER -> new OtherAccumulator();
        };
    }

    /** @param numbers the examples of the evaluation */
    MetricAccumulator read(WireInput in, ExampleNumbers numbers) throws IOException {
        return switch (this) {
            case CLASSIFICATION -> ClassificationAccumulator.read(in);
            case DETECTION -> DetectionAccumulator.read(in, numbers);
            case EMBEDDING -> EmbeddingAccumulator.read(in, numbers);
            case DENSE -> DenseAccumulator.read(in);
            case VALUE_MAP -> ValueMapAccumulator.read(in);
            case MASKS -> MaskAccumulator.read(in);
            case OTHER -> OtherAccumulator.read(in);
        };
    }
}
