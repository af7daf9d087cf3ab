package org.vitrail.image;

import java.awt.image.BufferedImage;
import java.util.Arrays;

/**
 * An 8-bit RGB image: rows from the top, pixels from the left, three interleaved bytes (red, green, blue; unsigned) for
 * each pixel. A caller that makes an image from an array must not change the array afterwards, and readers of
 * {@link #pixels()} must not write to it: an image never changes and may be shared between threads.
 */
public final class RgbImage {
    private final int width;
    private final int height;
    private final byte[] pixels;

    private RgbImage(int width, int height, byte[] pixels) {
        this.width = width;
        this.height = height;
        this.pixels = pixels;
    }

    /** Returns an image over these bytes; throws unless there are exactly {@code 3 × width × height} of them. */
    public static RgbImage of(int width, int height, byte[] pixels) {
        if (width < 1 || height < 1 || pixels.length != 3L * width * height) {
            throw new IllegalArgumentException(
                    "an RGB image of " + width + "×" + height + " pixels needs positive extents"
                            + " and 3 bytes for each pixel, got " + pixels.length + " bytes");
        }
        return new RgbImage(width, height, pixels);
    }

    /** Converts an AWT image; transparency is dropped. */
    public static RgbImage of(BufferedImage image) {
        return of(image.getWidth(), image.getHeight(), ColourConversion.of(image));
    }

    /** Returns a copy as an AWT image. */
    public BufferedImage toBufferedImage() {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                row[x] = sample(x, y, 0) << 16 | sample(x, y, 1) << 8 | sample(x, y, 2);
            }
            picture.setRGB(0, y, width, 1, row, 0, width);
        }
        return picture;
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The bytes themselves, not a copy. */
    public byte[] pixels() {
        return pixels;
    }

    /** One sample, 0 to 255; channel 0 is red, 1 green, 2 blue. */
    public int sample(int x, int y, int channel) {
        return pixels[3 * (y * width + x) + channel] & 0xff;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RgbImage that
                && width == that.width
                && height == that.height
                && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "RgbImage[" + width + "×" + height + "]";
    }
}
