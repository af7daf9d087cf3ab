package org.vitrail.tensor;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads whole files, regular ones of a bounded size only, and says in words why a file cannot be read. */
public final class InputFile {
    private InputFile() {}

    /**
     * Reads a text in UTF-8 of at most {@link Limits#MAX_TEXT_BYTES}.
     *
     * @throws CharacterCodingException where the file is not UTF-8
     * @throws VitrailException where it is larger, or no regular file
     */
    public static String text(Path file) throws IOException {
        byte[] bytes = bytes(file, Limits.MAX_TEXT_BYTES);
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Reads a file of at most {@code most} bytes; throws {@link VitrailException} where it is larger or irregular. */
    public static byte[] bytes(Path file, long most) throws IOException {
        requireRegular(file);
        if (Files.size(file) > most) {
            throw tooLarge(file, most);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) most);
            if (in.read() >= 0) {
                throw tooLarge(file, most);
            }
            return bytes;
        }
    }

    /** Throws where a path names a device, a pipe or a socket, which may never end; a missing file is not checked. */
    public static void requireRegular(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
            throw new VitrailException(file + ": is not a regular file: copy its content to a file, and give that");
        }
    }

    private static VitrailException tooLarge(Path file, long most) {
        return new VitrailException(file + ": is larger than " + (most >> 20)
                + " MB, the limit of such a file: is it the file that was meant?");
    }

    /** The reason in words why a file cannot be read or written. */
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case NoSuchFileException missing -> "there is no such file";
            case FileNotFoundException missing
            when String.valueOf(missing.getMessage()).contains("Permission denied") -> "permission denied";
            case CharacterCodingException coding -> "it is not text in UTF-8";
            case FileSystemException system when system.getReason() != null -> system.getReason();
            default -> reasonOf(e);
        };
    }

    /** The message of an exception, or its kind where it has none. */
    public static String reasonOf(Throwable e) {
        return e.getMessage() == null || e.getMessage().isBlank()
                ? e.getClass()
                        .getSimpleName()
                        .replaceAll("(Exception|Error)$", "")
                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                : e.getMessage();
    }
}
