package org.vitrail.image;

/** One number for each colour channel: a mean or a standard deviation, in units of the rescaled image. */
public record Rgb(double red, double green, double blue) {
    public static Rgb grey(double value) {
        return new Rgb(value, value, value);
    }

    double channel(int index) {
        return switch (index) {
            case 0 -> red;
            case 1 -> green;
            case 2 -> blue;
            default -> throw new IndexOutOfBoundsException("colour channel " + index);
        };
    }

    /** Formats the numbers as in {@code 0.485 0.456 0.406}, or one number if all are equal. */
    @Override
    public String toString() {
        return red == green && green == blue ? Double.toString(red) : red + " " + green + " " + blue;
    }
}
