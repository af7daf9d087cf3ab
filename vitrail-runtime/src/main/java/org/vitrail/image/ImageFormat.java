package org.vitrail.image;

import java.util.Optional;

/** The picture formats that are read, each known by its first bytes; {@code .} stands for any byte. */
enum ImageFormat {
    JPEG("\u00ff\u00d8\u00ff"),
    PNG("\u0089PNG\r\n\u001a\n"),
    WEBP("RIFF....WEBP"),
    BMP("BM");

    /** Bytes enough to tell every format. */
    static final int SIGNATURE_LENGTH = 12;

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
}
