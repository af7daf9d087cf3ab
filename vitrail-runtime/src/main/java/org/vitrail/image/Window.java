package org.vitrail.image;

/**
 * A rectangle of whole pixels in an image, which may extend beyond the image's edges.
 *
 * @param left negative where the rectangle begins before the image
 * @param top likewise
 */
public record Window(int left, int top, Size size) {
    /** Copies the pixels in this window; those outside of the image are black. */
    RgbImage of(RgbImage image) {
        if (left == 0 && top == 0 && image.width() == size.width() && image.height() == size.height()) {
            return image;
        }
        byte[] out = new byte[Math.toIntExact(3L * size.height() * size.width())];
        int firstColumn = Math.max(0, -left);
        int columns = Math.min(size.width(), image.width() - left) - firstColumn;
        for (int y = Math.max(0, -top); columns > 0 && y < size.height() && y + top < image.height(); y++) {
            int from = 3 * ((y + top) * image.width() + firstColumn + left);
            System.arraycopy(image.pixels(), from, out, 3 * (y * size.width() + firstColumn), 3 * columns);
        }
        return RgbImage.of(size.width(), size.height(), out);
    }
}
