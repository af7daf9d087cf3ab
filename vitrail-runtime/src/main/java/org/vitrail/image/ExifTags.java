package org.vitrail.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the EXIF orientation, 1 to 8, from the metadata of image files. */
final class ExifTags {
    private static final int TAG = 0x0112;
    private static final byte[] PREFIX = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final int PNG_SIGNATURE = 8;
    private static final int RIFF_HEADER = 12;
    private static final int PNG_EXIF = 0x65584966;
    private static final int RIFF_EXIF = 0x45584946;

    private ExifTags() {}

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
}
