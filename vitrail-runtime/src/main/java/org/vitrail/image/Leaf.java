package org.vitrail.image;

import java.util.Random;

/**
 * A leaf: a superellipse {@code |u|^n + |v|^n ≤ 1}, n a power of two (1 diamond, 2 ellipse, 4 and 8 rectangles with
 * rounder and sharper corners), rotated by any angle, with a surface that is shaded, striped or rough.
 */
final class Leaf {
    private final double centreX;
    private final double centreY;
    private final double longer;
    private final double shorter;
    private final double cos;
    private final double sin;
    private final int powerOfTwo;
    private final float[] colour;
    private final float[] stripeColour;
    private final double stripes;
    private final double stripePhase;
    private final double gradientU;
    private final double gradientV;
    private final double rounding;
    private final float roughness;
    private final int grainX;
    private final int grainY;

    /** Makes a random leaf of this mean radius at a position on, or partly on, an image of this side. */
    Leaf(int side, double radius, Palette palette, Random random) {
        centreX = side * (1.2 * random.nextDouble() - 0.1);
        centreY = side * (1.2 * random.nextDouble() - 0.1);
        double aspect = 0.25 + 0.75 * random.nextDouble();
        longer = radius / Math.sqrt(aspect);
        shorter = radius * Math.sqrt(aspect);
        double angle = Math.PI * random.nextDouble();
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
        powerOfTwo = random.nextInt(4) == 0 ? random.nextInt(4) : 1;
        colour = palette.colour(random);
        stripeColour = palette.colour(random);
        stripes = random.nextInt(5) == 0 ? 1 + radius / 3 * random.nextDouble() : 0;
        stripePhase = random.nextDouble();
        gradientU = 0.12 * random.nextGaussian();
        gradientV = 0.12 * random.nextGaussian();
        rounding = Math.max(0, 0.5 * random.nextDouble() - 0.15);
        roughness = (float) (0.15 * random.nextDouble() * random.nextDouble());
        grainX = random.nextInt(side);
        grainY = random.nextInt(side);
    }

    /**
     * Paints the leaf on the canvas (three floats for each pixel).
     *
     * @param blur the width of its edge in pixels
     */
    void paintOn(float[] canvas, int side, double blur, PinkNoise noise) {
        double reach = Math.sqrt(longer * longer + shorter * shorter) + blur;
        int left = Math.max(0, (int) (centreX - reach));
        int right = Math.min(side, (int) (centreX + reach) + 1);
        int bottom = Math.min(side, (int) (centreY + reach) + 1);
        for (int y = Math.max(0, (int) (centreY - reach)); y < bottom; y++) {
            for (int x = left; x < right; x++) {
                double u = (cos * (x - centreX) + sin * (y - centreY)) / longer;
                double v = (cos * (y - centreY) - sin * (x - centreX)) / shorter;
                double level = level(u, v);
                float cover = (float) Math.clamp((1 - level) * shorter / blur + 0.5, 0, 1);
                if (cover > 0) {
                    float light = (float) (1 + gradientU * u + gradientV * v - rounding * level * level);
                    float grain = roughness * noise.at(x + grainX, y + grainY);
                    float stripe = stripe(u);
                    int at = 3 * (y * side + x);
                    for (int channel = 0; channel < 3; channel++) {
                        float plain = colour[channel] + stripe * (stripeColour[channel] - colour[channel]);
                        canvas[at + channel] += cover * (light * plain + grain - canvas[at + channel]);
                    }
                }
            }
        }
    }

    /** The level of the superellipse, {@code (|u|^n + |v|^n)^(1/n)}: 0 at the centre and 1 on the edge. */
    private double level(double u, double v) {
        double a = Math.abs(u);
        double b = Math.abs(v);
        for (int i = 0; i < powerOfTwo; i++) {
            a *= a;
            b *= b;
        }
        double level = a + b;
        for (int i = 0; i < powerOfTwo; i++) {
            level = Math.sqrt(level);
        }
        return level;
    }

    /** The share of the stripes' colour at a position: a steepened triangle wave. */
    private float stripe(double u) {
        if (stripes == 0) {
            return 0;
        }
        double wave = stripes * u + stripePhase;
        double triangle = 2 * Math.abs(wave - Math.floor(wave) - 0.5);
        return (float) Math.clamp(3 * triangle - 1, 0, 1);
    }
}
