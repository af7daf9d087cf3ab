package org.vitrail.image;

/** A rectangle of an image, in pixels from its top left corner; it may extend beyond the image. */
public record Region(double left, double top, double width, double height) {
    /** The region of a whole image of this size. */
    public static Region all(Size picture) {
        return new Region(0, 0, picture.width(), picture.height());
    }
}
