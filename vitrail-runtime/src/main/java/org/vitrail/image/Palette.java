package org.vitrail.image;

import java.util.Random;

/**
 * Holds the colours of one image: a few main ones and their neighbours. Photographs vary most in lightness, less
 * between yellow and blue, least between red and green (Ruderman, Cronin and Chiao 1998); a few colours are vivid.
 */
final class Palette {
    private final float[][] main;

    Palette(Random random) {
        main = new float[3 + random.nextInt(5)][];
        double warmth = 0.03 + 0.03 * random.nextGaussian();
        double chroma = 0.3 + 0.9 * random.nextDouble();
        double key = 0.45 + 0.12 * random.nextGaussian();
        for (int i = 0; i < main.length; i++) {
            double vividness = random.nextInt(8) == 0 ? 2.5 * chroma : chroma;
            main[i] = rgb(
                    Math.clamp(key + 0.24 * random.nextGaussian(), 0.04, 0.95),
                    warmth + 0.06 * vividness * random.nextGaussian(),
                    0.035 * vividness * random.nextGaussian());
        }
    }

    /** Returns a colour near one of the main ones; 0 is black and 1 is white. */
    float[] colour(Random random) {
        float[] base = main[random.nextInt(main.length)];
        float[] shift = rgb(0.1 * random.nextGaussian(), 0.02 * random.nextGaussian(), 0.015 * random.nextGaussian());
        return new float[] {base[0] + shift[0], base[1] + shift[1], base[2] + shift[2]};
    }

    private static float[] rgb(double lightness, double yellowOverBlue, double redOverGreen) {
        return new float[] {
            (float) (lightness + yellowOverBlue + redOverGreen),
            (float) (lightness + 0.5 * yellowOverBlue - redOverGreen),
            (float) (lightness - 1.5 * yellowOverBlue)
        };
    }
}
