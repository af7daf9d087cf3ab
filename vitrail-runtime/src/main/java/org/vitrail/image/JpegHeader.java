package org.vitrail.image;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Holds what the segments of a JPEG file declare about its samples.
 *
 * @param components 1 for grey, 3 for colour, 4 for CMYK or YCCK
 * @param transformed whether the first three components are luma and chroma rather than RGB or CMY
 * @param orientation the EXIF orientation, 1 to 8; 1 is upright
 * @param scans the number of scans; each may go over all pixels
 * @param complete whether the end-of-image marker follows the first scan; if it does not, samples are missing
 */
record JpegHeader(int components, boolean transformed, int orientation, int scans, boolean complete) {
    private static final int APP0 = 0xe0;
    private static final int APP1 = 0xe1;
    private static final int APP14 = 0xee;
    private static final int START_OF_SCAN = 0xda;
    private static final int END_OF_IMAGE = 0xd9;
    private static final byte[] JFIF = "JFIF\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADOBE = "Adobe".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RGB_IDS = {'R', 'G', 'B'};

    /** Reads the header of a file; empty if the segments before the first scan are not those of a JPEG image. */
    static Optional<JpegHeader> read(byte[] file) {
        boolean jfif = false;
        int adobeTransform = -1;
        int orientation = 1;
        byte[] componentIds = {};
        ByteBuffer in = ByteBuffer.wrap(file).position(2);
        try {
            while (true) {
                int marker = nextMarker(in);
                if (marker == START_OF_SCAN) {
                    break;
                }
                byte[] segment = new byte[Math.max(0, Short.toUnsignedInt(in.getShort()) - 2)];
                in.get(segment);
                if (isFrame(marker)) {
                    componentIds = componentIds(segment);
                } else if (marker == APP0) {
                    jfif |= startsWith(segment, JFIF);
                } else if (marker == APP1 && startsWith(segment, EXIF)) {
                    orientation = ExifTags.read(segment);
                } else if (marker == APP14 && startsWith(segment, ADOBE) && segment.length >= 12) {
                    adobeTransform = segment[11];
                }
            }
        } catch (BufferUnderflowException e) {
            return Optional.empty();
        }
        return Optional.of(new JpegHeader(
                componentIds.length,
                transformed(componentIds, jfif, adobeTransform),
                orientation,
                scans(file, in.position()),
                hasEnd(file, in.position())));
    }

    /** Returns the file with an end-of-image marker appended. */
    static byte[] withEnd(byte[] file) {
        byte[] ended = Arrays.copyOf(file, file.length + 2);
        ended[file.length] = (byte) 0xff;
        ended[file.length + 1] = (byte) END_OF_IMAGE;
        return ended;
    }

    private static int nextMarker(ByteBuffer in) {
        int marker = 0xff;
        while (in.get() != (byte) 0xff) {}
        while (marker == 0xff) {
            marker = Byte.toUnsignedInt(in.get());
        }
        return marker;
    }

    /** Counts the start-of-scan markers from the first scan on, which coded samples never contain. */
    private static int scans(byte[] file, int first) {
        int scans = 1;
        for (int i = first; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xff && file[i + 1] == (byte) START_OF_SCAN) {
                scans++;
            }
        }
        return scans;
    }

    /**
     * Returns whether the end-of-image marker follows. Coded samples never contain a marker: in them a byte FF is
     * followed by 00.
     */
    private static boolean hasEnd(byte[] file, int scan) {
        for (int i = scan; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xff && file[i + 1] == (byte) END_OF_IMAGE) {
                return true;
            }
        }
        return false;
    }

    /** Returns whether a marker starts a frame of any coding process: C0 to CF without the tables DHT, JPG and DAC. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /**
     * Reads the ids from a frame: precision, height and width (5 bytes), the number of components, then three bytes for
     * each.
     */
    private static byte[] componentIds(byte[] frame) {
        byte[] ids = new byte[frame.length < 6 ? 0 : Math.min(frame[5] & 0xff, (frame.length - 6) / 3)];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = frame[6 + 3 * i];
        }
        return ids;
    }

    /** Guesses the colour space as libjpeg does, and with it the programs in which models are trained. */
    private static boolean transformed(byte[] componentIds, boolean jfif, int adobeTransform) {
        return switch (componentIds.length) {
            case 3 -> jfif || adobeTransform > 0 || (adobeTransform < 0 && !Arrays.equals(componentIds, RGB_IDS));
            case 4 -> adobeTransform > 0;
            default -> false;
        };
    }

    private static boolean startsWith(byte[] segment, byte[] prefix) {
        return segment.length >= prefix.length && Arrays.equals(segment, 0, prefix.length, prefix, 0, prefix.length);
    }
}
