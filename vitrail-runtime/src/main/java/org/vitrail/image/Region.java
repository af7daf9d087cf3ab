package org.vitrail.image;

/** A rectangle of a picture, in pixels from its top left corner; it may reach beyond the picture. */
public record Region(double left, double top, double width, double height) {
    /** The whole of a picture of this size. */
    public static Region all(Size picture) {
        return new Region(0, 0, picture.width(), picture.height());
    }
}
