package org.vitrail.image;

import java.util.Locale;
import java.util.Optional;

/**
 * The resize filters of Pillow. A filter gives the weight of a source pixel at distance {@code x}, in units of the
 * larger of source and target pixel; it is zero beyond {@link #support()}. {@code NEAREST} takes one pixel and has no
 * weights.
 */
public enum ResizeFilter {
    NEAREST(0, 0),
    BOX(4, 0.5),
    BILINEAR(2, 1),
    HAMMING(5, 1),
    BICUBIC(3, 2),
    LANCZOS(1, 3);

    private final int pillowNumber;
    private final double support;

    ResizeFilter(int pillowNumber, double support) {
        this.pillowNumber = pillowNumber;
        this.support = support;
    }

    /** The filter with this number (0 to 5) in Pillow and in Hugging Face's {@code resample}. */
    public static Optional<ResizeFilter> ofPillowNumber(int number) {
        for (ResizeFilter filter : values()) {
            if (filter.pillowNumber == number) {
                return Optional.of(filter);
            }
        }
        return Optional.empty();
    }

    /** The filter of this name, ignoring case, as in {@code bicubic}. */
    public static Optional<ResizeFilter> ofName(String name) {
        for (ResizeFilter filter : values()) {
            if (filter.label().equalsIgnoreCase(name)) {
                return Optional.of(filter);
            }
        }
        return Optional.empty();
    }

    /** The name in lower case, as files and messages show it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    double support() {
        return support;
    }

    double weight(double x) {
        double distance = Math.abs(x);
        return switch (this) {
            case NEAREST -> 0;
            case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
            case BILINEAR -> Math.max(0, 1 - distance);
            case HAMMING -> distance < 1 ? sinc(x) * (0.54 + 0.46 * StrictMath.cos(Math.PI * x)) : 0;
            case BICUBIC -> cubic(distance);
            case LANCZOS -> distance < 3 ? sinc(x) * sinc(x / 3) : 0;
        };
    }

    private static double sinc(double x) {
        double angle = Math.PI * x;
        return x == 0 ? 1 : StrictMath.sin(angle) / angle;
    }

    /** Keys' cubic kernel with a = −0.5, at distance x ≥ 0. */
    private static double cubic(double x) {
        if (x < 1) {
            return (1.5 * x - 2.5) * x * x + 1;
        }
        return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
    }
}
