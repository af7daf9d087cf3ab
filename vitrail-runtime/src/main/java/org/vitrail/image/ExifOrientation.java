package org.vitrail.image;

/** Rotates or mirrors an image upright according to the EXIF orientation 1 to 8. */
final class ExifOrientation {
    private ExifOrientation() {}

    static RgbImage upright(RgbImage image, int orientation) {
        int right = image.width() - 1;
        int bottom = image.height() - 1;
        return switch (orientation) {
            case 2 -> map(image, false, right, 0, -1, 1);
            case 3 -> map(image, false, right, bottom, -1, -1);
            case 4 -> map(image, false, 0, bottom, 1, -1);
            case 5 -> map(image, true, 0, 0, 1, 1);
            case 6 -> map(image, true, 0, bottom, 1, -1);
            case 7 -> map(image, true, right, bottom, -1, -1);
            case 8 -> map(image, true, right, 0, -1, 1);
            default -> image;
        };
    }

    /**
     * Fills the target in reading order from the source's corner (x0, y0), moving by (stepX, stepY); the target's rows
     * run along the source's columns if {@code transposed}.
     */
    private static RgbImage map(RgbImage image, boolean transposed, int x0, int y0, int stepX, int stepY) {
        int width = transposed ? image.height() : image.width();
        int height = transposed ? image.width() : image.height();
        byte[] out = new byte[image.pixels().length];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++, at += 3) {
                int sourceX = x0 + stepX * (transposed ? y : x);
                int sourceY = y0 + stepY * (transposed ? x : y);
                System.arraycopy(image.pixels(), 3 * (sourceY * image.width() + sourceX), out, at, 3);
            }
        }
        return RgbImage.of(width, height, out);
    }
}
