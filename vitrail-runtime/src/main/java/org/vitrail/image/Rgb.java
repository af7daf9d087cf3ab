package org.vitrail.image;

/** One number a colour channel: a mean or a standard deviation, in units of the rescaled picture. */
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

    /** As in {@code 0.485 0.456 0.406}, or once where all are equal. */
    @Override
    public String toString() {
        return red == green && green == blue ? Double.toString(red) : red + " " + green + " " + blue;
    }
}
