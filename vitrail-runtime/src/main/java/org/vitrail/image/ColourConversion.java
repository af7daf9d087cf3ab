package org.vitrail.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.IOException;
import javax.imageio.IIOException;

/** Converts samples as they are stored to the bytes of an {@link RgbImage}, without colour management. */
final class ColourConversion {
    private ColourConversion() {}

    /**
     * Converts a decoded image: grey is repeated, palettes are looked up, alpha is dropped, and of samples above 8 bits
     * the upper 8 are kept.
     */
    static byte[] of(BufferedImage image) {
        Raster raster = image.getRaster();
        ColorModel model = image.getColorModel();
        if (model instanceof IndexColorModel palette) {
            return map(raster, (samples, at) -> palette.getRGB(samples[at]));
        }
        int surplus = Math.max(0, model.getComponentSize(0) - 8);
        return raster.getNumBands() < 3
                ? map(raster, (samples, at) -> grey(samples[at] >> surplus))
                : map(
                        raster,
                        (samples, at) ->
                                rgb(samples[at] >> surplus, samples[at + 1] >> surplus, samples[at + 2] >> surplus));
    }

    /** Converts a JPEG raster in grey, RGB, YCbCr, CMYK or YCCK, as the header declares. */
    static byte[] ofJpeg(Raster raster, JpegHeader header) throws IOException {
        if (raster.getNumBands() != header.components()) {
            throw new IIOException(header.components() + " components became " + raster.getNumBands());
        }
        Conversion colour =
                header.transformed() ? ColourConversion::ofLumaAndChroma : (s, at) -> rgb(s[at], s[at + 1], s[at + 2]);
        return switch (header.components()) {
            case 1 -> map(raster, (samples, at) -> grey(samples[at]));
            case 3 -> map(raster, colour);
            case 4 ->
                map(raster, (samples, at) -> {
                    int stored = colour.rgb(samples, at);
                    return onPaper(header.transformed() ? ~stored : stored, samples[at + 3]);
                });
            default -> throw new IIOException("JPEG pictures have 1, 3 or 4 components, not " + header.components());
        };
    }

    /** Converts one pixel, whose samples begin at {@code at}, to 0xRRGGBB; bits above these 24 are ignored. */
    private interface Conversion {
        int rgb(int[] samples, int at);
    }

    private static byte[] map(Raster raster, Conversion conversion) {
        int width = raster.getWidth();
        int height = raster.getHeight();
        int bands = raster.getNumBands();
        int[] row = new int[width * bands];
        byte[] out = new byte[Math.toIntExact(3L * width * height)];
        int at = 0;
        for (int y = 0; y < height; y++) {
            raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
            for (int from = 0; from < row.length; from += bands, at += 3) {
                int colour = conversion.rgb(row, from);
                out[at] = (byte) (colour >> 16);
                out[at + 1] = (byte) (colour >> 8);
                out[at + 2] = (byte) colour;
            }
        }
        return out;
    }

    /**
     * Converts YCbCr to RGB: {@code R = Y + 1.402 Cr, G = Y − 0.34414 Cb − 0.71414 Cr, B = Y + 1.772 Cb} (JFIF 1.02),
     * with the 16 fractional bits and the rounding of libjpeg.
     */
    private static int ofLumaAndChroma(int[] samples, int at) {
        int luma = samples[at];
        int blue = samples[at + 1] - 128;
        int red = samples[at + 2] - 128;
        return rgb(
                clip(luma + ((91881 * red + 32768) >> 16)),
                clip(luma + ((-22554 * blue - 46802 * red + 32768) >> 16)),
                clip(luma + ((116130 * blue + 32768) >> 16)));
    }

    /**
     * Applies black to a colour component. Ink is stored inverted, as Adobe introduced and others adopted: the stored
     * value is the light that passes.
     */
    private static int onPaper(int passed, int black) {
        return rgb(
                black - scaled(255 - (passed >> 16 & 0xff), black),
                black - scaled(255 - (passed >> 8 & 0xff), black),
                black - scaled(255 - (passed & 0xff), black));
    }

    /** Returns {@code a·b / 255}, rounded. */
    private static int scaled(int a, int b) {
        int product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }

    private static int grey(int value) {
        return rgb(value, value, value);
    }

    private static int rgb(int red, int green, int blue) {
        return red << 16 | green << 8 | blue;
    }

    private static int clip(int value) {
        return Math.clamp(value, 0, 255);
    }
}
