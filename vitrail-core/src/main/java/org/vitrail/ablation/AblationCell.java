package org.vitrail.ablation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One model quantized in one way at one width, calibrated on one choice of pictures, and how it did.
 *
 * @param key a hash of all that the figures depend on: model, pictures, configuration, build of the tool
 * @param seed which chose the pictures
 * @param configuration in words
 * @param examples pictures it was measured on
 * @param top1 share of the labelled ones whose class came first; empty without labels
 * @param agreement share of them to which the float model gives the same class
 * @param meanKlNats KL(float || quantized) of the mean picture
 * @param bytes of the file
 * @param compressedBytes of the file as a Zstandard archive; empty where it is too large for one
 * @param nominalBytes of the float file × weight bits / 32
 */
public record AblationCell(
        String key,
        Row row,
        String bits,
        long seed,
        String configuration,
        int examples,
        OptionalDouble top1,
        double agreement,
        double meanKlNats,
        long bytes,
        OptionalLong compressedBytes,
        long nominalBytes) {

    /** The same figures in another row, which has the same configuration. */
    public AblationCell withRow(Row newRow) {
        return new AblationCell(
                key,
                newRow,
                bits,
                seed,
                configuration,
                examples,
                top1,
                agreement,
                meanKlNats,
                bytes,
                compressedBytes,
                nominalBytes);
    }

    /**
     * A row of the tables.
     *
     * @param isMethod whether it stands in the table of methods
     * @param components the parts of the paper's method that it has, where it stands in the table of components
     * @param bitsBy what gives modules bits of their own; empty where all have the same
     */
    public record Row(String label, boolean isMethod, Set<Component> components, Optional<String> bitsBy) {
        public Row {
            // In the order of the enum, so that the same cell is the same bytes.
            EnumSet<Component> ordered = EnumSet.noneOf(Component.class);
            ordered.addAll(components);
            components = Collections.unmodifiableSet(ordered);
        }
    }
}
