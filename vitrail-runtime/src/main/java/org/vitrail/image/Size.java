package org.vitrail.image;

/** Height and width in pixels, in the order in which tensors have them. */
public record Size(int height, int width) {
    public Size {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("a picture size must be positive, got " + height + "×" + width);
        }
    }

    public static Size square(int side) {
        return new Size(side, side);
    }

    /** Formats the size as height × width. */
    @Override
    public String toString() {
        return height + "×" + width;
    }
}
