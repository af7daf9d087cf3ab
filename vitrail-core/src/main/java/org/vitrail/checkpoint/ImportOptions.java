package org.vitrail.checkpoint;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the user knows of a checkpoint better than its files do; each part is taken from the files, or from the custom
 * of the library that wrote them, where it is empty.
 *
 * @param heads attention heads a block
 * @param epsilon what LayerNorm adds to the variance
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
