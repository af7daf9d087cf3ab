package org.vitrail.ablation;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The result of one model quantized in one way at one width, calibrated on one draw of images.
 *
 * @param key a hash of everything that the figures depend on: model, images, configuration, build of the tool
 * @param seed the seed that chose the images
 * @param configuration the configuration, in words
 * @param examples number of evaluation images
 * @param top1 share of the labelled images whose class came first; empty without labels
 * @param agreement share of the images to which the float model gives the same class
 * @param meanKlNats mean KL(float || quantized) of the images, in nats
 * @param bytes size of the file
 * @param compressedBytes size of the file as a Zstandard archive; empty where it is too large for one
 * @param nominalBytes size of the float file × weight bits / 32
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

    /** Returns the same figures in another row, which has the same configuration. */
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
     * @param isMethod whether it is in the table of methods
     * @param components the components of the paper's method that it has, where it is in the table of components
     * @param bitsBy the sensitivity that assigns bits to modules; empty where all have the same bits
     */
    public record Row(String label, boolean isMethod, Set<Component> components, Optional<String> bitsBy) {
        public Row {
            // In the order of the enum, so that equal cells have equal bytes.
            EnumSet<Component> ordered = EnumSet.noneOf(Component.class);
            ordered.addAll(components);
            components = Collections.unmodifiableSet(ordered);
        }
    }
}
