package org.vitrail.image;

import java.util.OptionalInt;

/**
 * Pictures drawn by the program for calibrating a model when there are none at hand: dead leaves, that is shapes of all
 * sizes that occlude one another. They share with photographs what activations depend on — edges and plain areas at
 * every scale, a spectrum of 1/f, mostly muted colours — which noise does not (Lee, Mumford and Huang, "Occlusion models
 * for natural images", 2001; Baradad et al., "Learning to see by looking at noise", 2021). Picture {@code i} depends on
 * the seed and {@code i} only, and is the same on every machine.
 *
 * @param size how many there are
 * @param side width and height in pixels
 * @param seed decides on all of them
 */
public record SyntheticImages(int size, int side, long seed) implements ImageSource {
    /** Enough to be resized and cropped as photographs are. */
    public static final int SIDE = 256;

    public SyntheticImages {
        if (size < 1 || side < 8) {
            throw new IllegalArgumentException(
                    "wanted at least one picture of at least 8 pixels, got " + size + " of " + side);
        }
    }

    /** Pictures of the usual size. */
    public static SyntheticImages of(int size, long seed) {
        return new SyntheticImages(size, SIDE, seed);
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

    /** The finaliser of SplitMix64: neighbouring inputs give unrelated outputs. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
