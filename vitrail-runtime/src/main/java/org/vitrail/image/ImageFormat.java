package org.vitrail.image;

import java.util.Optional;

/** The supported image formats with their signatures, the first bytes of a file; {@code .} stands for any byte. */
enum ImageFormat {
    JPEG("\u00ff\u00d8\u00ff"),
    PNG("\u0089PNG\r\n\u001a\n"),
    WEBP("RIFF....WEBP"),
    BMP("BM");

    /** The number of bytes that identify every format. */
    static final int SIGNATURE_LENGTH = 12;

    /** The offset of the colour type in a PNG file, behind signature, chunk header, width, height and bit depth. */
    private static final int PNG_COLOUR_TYPE = 25;

    private final String signature;

    ImageFormat(String signature) {
        this.signature = signature;
    }

    static Optional<ImageFormat> of(byte[] file) {
        for (ImageFormat format : values()) {
            if (format.matches(file)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    private boolean matches(byte[] file) {
        for (int i = 0; i < signature.length(); i++) {
            char wanted = signature.charAt(i);
            if (i >= file.length || (wanted != '.' && wanted != (file[i] & 0xff))) {
                return false;
            }
        }
        return true;
    }

    /** The bytes that a pixel takes while it is decoded; PNG declares bit depth and colour type in its first chunk. */
    int bytesPerPixel(byte[] file) {
        if (this != PNG || file.length < PNG_COLOUR_TYPE + 1) {
            return this == JPEG ? 3 : 4;
        }
        int samples = switch (file[PNG_COLOUR_TYPE]) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        return samples * Math.max(1, file[PNG_COLOUR_TYPE - 1] / 8);
    }
}
