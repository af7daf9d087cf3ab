package org.vitrail.image;

import java.util.Locale;

/** Fill patterns of the shapes that {@link DrawnImages} draws: two colours in a repeating pattern. */
public enum DrawnPattern {
    PLAIN,
    STRIPED,
    CHEQUERED,
    DOTTED;

    /** The name for users, as in {@code striped}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The share of the second colour at (x, y), 0 to 1, where the pattern repeats every {@code period} pixels and edges
     * are blurred by about one pixel.
     */
    double share(double x, double y, double period) {
        return switch (this) {
            case PLAIN -> 0;
            case STRIPED -> (1 + wave(x, period)) / 2;
            case CHEQUERED -> (1 + wave(x, period) * wave(y, period)) / 2;
            case DOTTED -> {
                double fromCentreX = x - period * Math.rint(x / period);
                double fromCentreY = y - period * Math.rint(y / period);
                double outside = Math.sqrt(fromCentreX * fromCentreX + fromCentreY * fromCentreY) - 0.31 * period;
                yield Math.min(Math.max(0.5 - outside, 0), 1);
            }
        };
    }

    /** A square wave between −1 and 1, with edges blurred by one pixel. */
    private static double wave(double at, double period) {
        double fromCentre = Math.abs(at - period * Math.rint(at / period));
        return Math.min(Math.max(2 * (period / 4 - fromCentre), -1), 1);
    }
}
