package org.vitrail.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the EXIF orientation 1 to 8, and rotates or mirrors an image upright according to it. */
final class ExifOrientation {
    private static final int TAG = 0x0112;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int PNG_SIGNATURE = 8;
    private static final int RIFF_HEADER = 12;
    private static final int PNG_EXIF = 0x65584966;
    private static final int RIFF_EXIF = 0x45584946;

    private ExifOrientation() {}

    /**
     * Reads the orientation from the first directory of a TIFF structure, with or without the prefix "Exif"; 1 if there
     * is none.
     */
    static int read(byte[] exif) {
        boolean prefixed =
                exif.length >= PREFIX.length && Arrays.equals(exif, 0, PREFIX.length, PREFIX, 0, PREFIX.length);
        int start = prefixed ? PREFIX.length : 0;
        ByteBuffer tiff = ByteBuffer.wrap(exif, start, exif.length - start).slice();
        try {
            tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int directory = tiff.getInt(4);
            int entries = Short.toUnsignedInt(tiff.getShort(directory));
            for (int i = 0; i < entries; i++) {
                int entry = directory + 2 + 12 * i;
                if (Short.toUnsignedInt(tiff.getShort(entry)) == TAG) {
                    int value = tiff.getShort(entry + 8);
                    return value >= 1 && value <= 8 ? value : 1;
                }
            }
            return 1;
        } catch (IndexOutOfBoundsException e) {
            return 1;
        }
    }

    /** Reads the orientation from the chunk eXIf of a PNG file; 1 if there is none. */
    static int ofPng(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        for (long at = PNG_SIGNATURE; at + 8 <= file.length; ) {
            long length = Integer.toUnsignedLong(in.getInt((int) at));
            if (in.getInt((int) at + 4) == PNG_EXIF) {
                return chunk(file, at + 8, length);
            }
            at += 12 + length; // length, type and checksum
        }
        return 1;
    }

    /** Reads the orientation from the chunk EXIF of a WebP file; 1 if there is none. */
    static int ofWebp(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file);
        for (long at = RIFF_HEADER; at + 8 <= file.length; ) {
            long length = Integer.toUnsignedLong(Integer.reverseBytes(in.getInt((int) at + 4)));
            if (in.getInt((int) at) == RIFF_EXIF) {
                return chunk(file, at + 8, length);
            }
            at += 8 + length + (length & 1);
        }
        return 1;
    }

    private static int chunk(byte[] file, long start, long length) {
        return start + length > file.length ? 1 : read(Arrays.copyOfRange(file, (int) start, (int) (start + length)));
    }

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
