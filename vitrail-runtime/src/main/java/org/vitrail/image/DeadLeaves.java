package org.vitrail.image;

import java.util.Random;

/**
 * Paints one image of the dead leaves model, from back to front. A leaf's radius has the density {@code r^(−a)}, with
 * {@code a} between 2 and 3 for each image: from few large shapes to clutter at every scale.
 */
final class DeadLeaves {
    private static final double SMALLEST_RADIUS = 1.5;

    /** The total area of the leaves over that of the image: enough to hide the background almost everywhere. */
    private static final double COVERAGE = 4;

    private final int side;
    private final Random random;
    private final PinkNoise noise;
    private final Palette palette;
    private final float[] canvas;

    DeadLeaves(int side, long seed) {
        this.side = side;
        this.random = new Random(seed);
        this.noise = new PinkNoise(side, random);
        this.palette = new Palette(random);
        this.canvas = new float[3 * side * side];
    }

    RgbImage paint() {
        paintGround();
        double exponent = 2 + random.nextDouble();
        double blur = 0.5 + 1.5 * random.nextDouble() * random.nextDouble();
        double toCover = COVERAGE * side * side;
        while (toCover > 0) {
            double radius = radius(exponent);
            toCover -= Math.PI * radius * radius;
            new Leaf(side, radius, palette, random).paintOn(canvas, side, blur, noise);
        }
        return develop();
    }

    private void paintGround() {
        float[] colour = palette.colour(random);
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                for (int channel = 0; channel < 3; channel++) {
                    canvas[3 * (y * side + x) + channel] = colour[channel] + 0.15f * noise.at(x, y);
                }
            }
        }
    }

    /** Draws a radius: the inverse of the distribution function at a uniform random number. */
    private double radius(double exponent) {
        double power = 1 - exponent;
        double small = StrictMath.pow(SMALLEST_RADIUS, power);
        double large = StrictMath.pow(side / 2.0, power);
        return StrictMath.pow(small + random.nextDouble() * (large - small), 1 / power);
    }

    /** Converts the canvas to 8 bits, after darkening it towards one side and adding sensor noise. */
    private RgbImage develop() {
        double exposure = 0.85 + 0.3 * random.nextDouble();
        double acrossX = 0.3 * (random.nextDouble() - 0.5) / side;
        double acrossY = 0.3 * (random.nextDouble() - 0.5) / side;
        double grain = 5 * random.nextDouble() * random.nextDouble();
        byte[] pixels = new byte[canvas.length];
        for (int y = 0; y < side; y++) {
            for (int x = 0; x < side; x++) {
                double light = exposure + acrossX * x + acrossY * y;
                for (int at = 3 * (y * side + x), end = at + 3; at < end; at++) {
                    double value = 255 * light * canvas[at] + grain * (2 * random.nextDouble() - 1);
                    pixels[at] = (byte) Math.clamp(Math.round(value), 0, 255);
                }
            }
        }
        return RgbImage.of(side, side, pixels);
    }
}
