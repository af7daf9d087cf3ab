package org.vitrail.hub;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The checksum of a file's content, as a hub gives it in the entity tag: SHA-256 for files in large-file storage, git's
 * blob id {@code SHA-1("blob " + size + "\0" + content)} for other files.
 *
 * @param hex in lower case
 */
record Checksum(Kind kind, String hex) {
    private static final int BUFFER_BYTES = 1 << 16;

    /** The two kinds of checksums that hubs use, distinguished by their length. */
    enum Kind {
        SHA_256("SHA-256", 64),
        GIT_BLOB("SHA-1", 40);

        private final String algorithm;
        private final Pattern hex;

        Kind(String algorithm, int digits) {
            this.algorithm = algorithm;
            this.hex = Pattern.compile("[0-9a-f]{" + digits + "}");
        }
    }

    Checksum {
        if (!kind.hex.matcher(hex).matches()) {
            throw new IllegalArgumentException(hex + " is not a checksum of the kind " + kind);
        }
    }

    /** Reads {@code "..."} or {@code W/"..."}; empty if that is not a checksum. */
    static Optional<Checksum> ofEntityTag(String tag) {
        String hex = tag.strip().replaceFirst("^W/", "").replace("\"", "").toLowerCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (kind.hex.matcher(hex).matches()) {
                return Optional.of(new Checksum(kind, hex));
            }
        }
        return Optional.empty();
    }

    /** Computes the same kind of checksum of a file. */
    Checksum of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance(kind.algorithm);
            if (kind == Kind.GIT_BLOB) {
                digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.US_ASCII));
            }
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + kind.algorithm, e);
        }
    }
}
