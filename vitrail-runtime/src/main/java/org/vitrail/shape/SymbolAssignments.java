package org.vitrail.shape;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Dim;

/**
 * The numbers that stand for each symbolic extent, one a trial. A symbol on a first axis is a batch and tried at 1, 2, 7
 * and 1031; one on another axis is tried at sizes that images have and windows divide, multiples of 224.
 */
final class SymbolAssignments {
    private static final int[] BATCHES = {1, 2, 7, 1031};
    private static final String ANONYMOUS = "?";

    private final Map<String, int[]> extents = new LinkedHashMap<>();

    /** The number for an extent of a named value in trial {@code trial}. */
    int extent(Dim dim, String value, int axis, int trial) {
        return switch (dim) {
            case Dim.Known(long extent) -> Math.toIntExact(extent);
            case Dim.Symbol(String name) ->
                extents.computeIfAbsent(name.isEmpty() ? ANONYMOUS + value + "/" + axis : name, key -> samples(axis))[
                        trial];
        };
    }

    private int[] samples(int axis) {
        int before = extents.size();
        int[] samples = BATCHES.clone();
        Arrays.setAll(samples, i -> axis == 0 ? BATCHES[i] + 1040 * before : 224 * (1 + i + BATCHES.length * before));
        return samples;
    }

    /** Trials needed to tell what depends on a symbol: one where there are none. */
    int trials() {
        return extents.isEmpty() ? 1 : BATCHES.length;
    }

    /** What a number is that came out as {@code samples[trial]}; empty where it is no multiple of one symbol. */
    Optional<ScaledSymbol> lift(long... samples) {
        if (Arrays.stream(samples).allMatch(sample -> sample == samples[0])) {
            return Optional.of(new ScaledSymbol(samples[0], ""));
        }
        return extents.entrySet().stream()
                .filter(symbol -> !symbol.getKey().startsWith(ANONYMOUS))
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
