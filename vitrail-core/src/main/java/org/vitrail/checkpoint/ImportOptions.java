package org.vitrail.checkpoint;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Options that override what a checkpoint's files declare; an empty option is taken from the files, or from the
 * conventions of the library that wrote them.
 *
 * @param heads attention heads per block
 * @param epsilon the value that LayerNorm adds to the variance
 */
public record ImportOptions(
        OptionalInt heads,
        OptionalDouble epsilon,
        Optional<ActivationFunction> activation,
        Optional<NormPlacement> norm) {

    public static ImportOptions defaults() {
        return new ImportOptions(OptionalInt.empty(), OptionalDouble.empty(), Optional.empty(), Optional.empty());
    }

    public ImportOptions withHeads(int newHeads) {
        return new ImportOptions(OptionalInt.of(newHeads), epsilon, activation, norm);
    }

    public ImportOptions withEpsilon(double newEpsilon) {
        return new ImportOptions(heads, OptionalDouble.of(newEpsilon), activation, norm);
    }

    public ImportOptions withActivation(ActivationFunction newActivation) {
        return new ImportOptions(heads, epsilon, Optional.of(newActivation), norm);
    }

    public ImportOptions withNorm(NormPlacement newNorm) {
        return new ImportOptions(heads, epsilon, activation, Optional.of(newNorm));
    }
}
