package org.vitrail.shape;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Dim;
import org.vitrail.tensor.VitrailException;

/**
 * Assigns numbers to symbolic extents, one for each shape propagation (trial). A symbol on a first axis is a batch and
 * gets 1, 2, 7 and 1031; a symbol on another axis gets common image sizes that windows divide, multiples of 224.
 */
final class SymbolAssignments {
    private static final int[] BATCH_SIZES = {1, 2, 7, 1031};
    private static final String ANONYMOUS_PREFIX = "?";

    private final Map<String, int[]> extents = new LinkedHashMap<>();

    /** The number for an extent of a named value in trial {@code trial}. */
    int extent(Dim dim, String value, int axis, int trial) {
        return switch (dim) {
            case Dim.Known(long extent) -> extent(extent, value);
            case Dim.Symbol(String name) ->
                extents.computeIfAbsent(
                                name.isEmpty() ? ANONYMOUS_PREFIX + value + "/" + axis : name, key -> samples(axis))[
                        trial];
        };
    }

    private static int extent(long extent, String value) {
        if (extent > Integer.MAX_VALUE) {
            throw new VitrailException("the value " + value + " has an extent of " + extent + ", where at most "
                    + Integer.MAX_VALUE + " is possible: export the model with a real or a symbolic size");
        }
        return (int) extent;
    }

    private int[] samples(int axis) {
        int before = extents.size();
        int[] samples = BATCH_SIZES.clone();
        Arrays.setAll(
                samples, i -> axis == 0 ? BATCH_SIZES[i] + 1040 * before : 224 * (1 + i + BATCH_SIZES.length * before));
        return samples;
    }

    /** The number of trials needed to find dependencies on symbols: one where there are no symbols. */
    int trials() {
        return extents.isEmpty() ? 1 : BATCH_SIZES.length;
    }

    /**
     * Expresses a number whose value in each trial is {@code samples[trial]}; empty where it is not a multiple of one
     * symbol.
     */
    Optional<ScaledSymbol> lift(long... samples) {
        if (Arrays.stream(samples).allMatch(sample -> sample == samples[0])) {
            return Optional.of(new ScaledSymbol(samples[0], ""));
        }
        return extents.entrySet().stream()
                .filter(symbol -> !symbol.getKey().startsWith(ANONYMOUS_PREFIX))
                .filter(symbol -> isMultiple(samples, symbol.getValue()))
                .map(symbol -> new ScaledSymbol(samples[0] / symbol.getValue()[0], symbol.getKey()))
                .findFirst();
    }

    private static boolean isMultiple(long[] samples, int[] extents) {
        long factor = samples[0] / extents[0];
        for (int i = 0; i < samples.length; i++) {
            if (samples[i] != factor * extents[i]) {
                return false;
            }
        }
        return true;
    }
}
