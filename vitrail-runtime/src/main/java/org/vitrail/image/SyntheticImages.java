package org.vitrail.image;

import java.util.OptionalInt;

/**
 * Images drawn by the program, for calibrating a model without photographs: dead leaves, that is shapes of all sizes
 * that occlude one another. They share with photographs the properties on which activations depend (edges and plain
 * areas at every scale, a 1/f spectrum, mostly muted colours), which noise does not (Lee, Mumford and Huang, "Occlusion
 * models for natural images", 2001; Baradad et al., "Learning to see by looking at noise", 2021). Image {@code i}
 * depends only on the seed and {@code i}, and is the same on every machine.
 *
 * @param size number of images
 * @param side width and height in pixels
 * @param seed seed of all images
 */
public record SyntheticImages(int size, int side, long seed) implements ImageSource {
    /** The default side: large enough to be resized and cropped like photographs. */
    public static final int DEFAULT_SIDE = 256;

    public SyntheticImages {
        if (size < 1 || side < 8) {
            throw new IllegalArgumentException(
                    "wanted at least one picture of at least 8 pixels, got " + size + " of " + side);
        }
    }

    /** Images of the default size. */
    public static SyntheticImages of(int size, long seed) {
        return new SyntheticImages(size, DEFAULT_SIDE, seed);
    }

    @Override
    public RgbImage image(int index) {
        return new DeadLeaves(side, mixed(seed + 0x9e3779b97f4a7c15L * (index + 1))).paint();
    }

    @Override
    public String name(int index) {
        return "synthetic-" + seed + "-" + index;
    }

    @Override
    public OptionalInt label(int index) {
        return OptionalInt.empty();
    }

    /** Applies the finaliser of SplitMix64: neighbouring inputs give unrelated outputs. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
