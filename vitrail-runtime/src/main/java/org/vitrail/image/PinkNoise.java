package org.vitrail.image;

import java.util.Random;

/**
 * A square, periodic field of noise with a 1/f spectrum: octaves of smoothly interpolated random lattices, each of the
 * same strength. Its values have mean 0 and a standard deviation of about 1.
 */
final class PinkNoise {
    private final int side;
    private final float[] values;

    PinkNoise(int side, Random random) {
        this.side = side;
        this.values = new float[side * side];
        int octaves = 0;
        for (int cells = 2; cells <= side / 2; cells *= 2, octaves++) {
            addOctave(cells, random);
        }
        // Smooth interpolation leaves (26/35)² of a lattice value's variance.
        float scale = (float) (35 / 26.0 / Math.sqrt(octaves));
        for (int i = 0; i < values.length; i++) {
            values[i] *= scale;
        }
    }

    private void addOctave(int cells, Random random) {
        float[] lattice = new float[cells * cells];
        for (int i = 0; i < lattice.length; i++) {
            lattice[i] = (float) random.nextGaussian();
        }
        float step = (float) cells / side;
        for (int y = 0; y < side; y++) {
            int top = (int) (y * step);
            int bottom = (top + 1) % cells;
            float down = smooth(y * step - top);
            for (int x = 0; x < side; x++) {
                int left = (int) (x * step);
                int right = (left + 1) % cells;
                float across = smooth(x * step - left);
                float upper = mix(lattice[top * cells + left], lattice[top * cells + right], across);
                float lower = mix(lattice[bottom * cells + left], lattice[bottom * cells + right], across);
                values[y * side + x] += mix(upper, lower, down);
            }
        }
    }

    /** The value at a position with non-negative coordinates. */
    float at(int x, int y) {
        return values[(y % side) * side + x % side];
    }

    private static float smooth(float t) {
        return t * t * (3 - 2 * t);
    }

    private static float mix(float a, float b, float t) {
        return a + (b - a) * t;
    }
}
