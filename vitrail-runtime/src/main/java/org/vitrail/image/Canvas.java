package org.vitrail.image;

import java.util.function.DoubleSupplier;

/** A square canvas that is painted layer over layer; colours from 0 to 1, y growing downwards. */
final class Canvas {
    /** A colour; components may be outside 0..1 until they are stored in the image. */
    record Colour(double red, double green, double blue) {
        /**
         * Returns the colour of this hue in turns (0 red, 1/3 green, 2/3 blue); saturation 1 is fully saturated, value
         * 0 is black.
         */
        static Colour of(double hue, double saturation, double value) {
            return new Colour(
                    component(hue, saturation, value),
                    component(hue + 2 / 3.0, saturation, value),
                    component(hue + 1 / 3.0, saturation, value));
        }

        private static double component(double hue, double saturation, double value) {
            double turn = 6 * (hue - Math.floor(hue));
            double strength = Math.min(Math.max(Math.abs(turn - 3) - 1, 0), 1);
            return value * (1 - saturation * (1 - strength));
        }

        Colour mix(Colour other, double share) {
            return new Colour(
                    red + share * (other.red - red),
                    green + share * (other.green - green),
                    blue + share * (other.blue - blue));
        }

        Colour lit(double factor) {
            return new Colour(factor * red, factor * green, factor * blue);
        }

        double distance(Colour other) {
            double r = red - other.red;
            double g = green - other.green;
            double b = blue - other.blue;
            return Math.sqrt(r * r + g * g + b * b);
        }
    }

    /** A function from a point of the image to a number. */
    interface Field {
        double at(double x, double y);
    }

    /** A function from a point of the image to a colour. */
    interface Paint {
        Colour at(double x, double y);
    }

    private final int side;
    private final Colour[] pixels;

    Canvas(int side, Paint background) {
        this.side = side;
        this.pixels = new Colour[side * side];
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                pixels[row * side + column] = background.at(column + 0.5, row + 0.5);
            }
        }
    }

    /** Paints the square around a centre wherever coverage is above 0; at coverage 1 the paint is opaque. */
    void paint(double centreX, double centreY, double reach, Field coverage, Paint paint) {
        int lastRow = inside(centreY + reach);
        int lastColumn = inside(centreX + reach);
        for (int row = inside(centreY - reach); row <= lastRow; row++) {
            double y = row + 0.5;
            for (int column = inside(centreX - reach); column <= lastColumn; column++) {
                double x = column + 0.5;
                double share = Math.min(coverage.at(x, y), 1);
                if (share > 0) {
                    int at = row * side + column;
                    pixels[at] = pixels[at].mix(paint.at(x, y), share);
                }
            }
        }
    }

    private int inside(double coordinate) {
        return (int) Math.min(Math.max(coordinate, 0), side - 1);
    }

    /** Returns the finished image with the noise added to every sample. */
    RgbImage finish(DoubleSupplier noise) {
        byte[] samples = new byte[3 * pixels.length];
        for (int at = 0; at < pixels.length; at++) {
            samples[3 * at] = sample(pixels[at].red, noise.getAsDouble());
            samples[3 * at + 1] = sample(pixels[at].green, noise.getAsDouble());
            samples[3 * at + 2] = sample(pixels[at].blue, noise.getAsDouble());
        }
        return RgbImage.of(side, side, samples);
    }

    private static byte sample(double value, double noise) {
        return (byte) Math.rint(255 * Math.min(Math.max(value + noise, 0), 1));
    }
}
