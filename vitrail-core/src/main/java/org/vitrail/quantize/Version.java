package org.vitrail.quantize;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The version of this library, written by the build. */
public final class Version {
    /** Number of digits of the build that are shown. */
    private static final int BUILD_ID_DIGITS = 12;

    private Version() {}

    public static String current() {
        return text("version.txt");
    }

    /**
     * Returns the build: the first digits of a digest of the sources and of their dependencies' versions. The same code
     * has the same build, whenever and wherever it was built.
     */
    public static String build() {
        return text("code-sha256.txt").substring(0, BUILD_ID_DIGITS);
    }

    /** Returns version and build, such as "vitrail 1.0 (build 0123456789ab)". */
    public static String describe() {
        return "vitrail " + current() + " (build " + build() + ")";
    }

    private static String text(String resource) {
        try (InputStream in = Version.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
