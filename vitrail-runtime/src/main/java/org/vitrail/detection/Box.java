package org.vitrail.detection;

/** A rectangle in an image, in pixels from its top left corner; it may extend beyond the image. */
public record Box(double left, double top, double width, double height) {
    public Box {
        if (!(width >= 0 && height >= 0 && Double.isFinite(left + top + width + height))) {
            throw new IllegalArgumentException("a box needs finite numbers and non-negative extents, got left " + left
                    + ", top " + top + ", width " + width + ", height " + height);
        }
    }

    public double area() {
        return width * height;
    }

    /** The area of the intersection in pixels. */
    public double intersection(Box other) {
        double columns = Math.min(left + width, other.left + other.width) - Math.max(left, other.left);
        double rows = Math.min(top + height, other.top + other.height) - Math.max(top, other.top);
        return columns <= 0 || rows <= 0 ? 0 : columns * rows;
    }

    /** {@code |A ∩ B| / |A ∪ B|}, 0 to 1; 0 for two boxes without area. */
    public double iou(Box other) {
        double shared = intersection(other);
        return shared == 0 ? 0 : shared / (area() + other.area() - shared);
    }
}
