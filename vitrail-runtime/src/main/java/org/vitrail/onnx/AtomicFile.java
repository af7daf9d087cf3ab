package org.vitrail.onnx;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * Writes files atomically: to a temporary name beside the target, then moved into place. An interrupted run leaves the
 * target as it was; temporary files of killed runs are removed by the next that writes the same target. Links are
 * followed, and nothing but a regular file is replaced.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes through a channel. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /** Replaces {@code target} by what {@code content} writes; throws {@link VitrailException} if that fails. */
    public static void write(Path target, Content content) {
        writeTogether(Map.of(target, content));
    }

    /**
     * Replaces several files that belong together. All are written before the first is moved into place, in the map's
     * order; if one of the moves fails, files that did not exist before are deleted again.
     */
    public static void writeTogether(Map<Path, Content> contents) {
        Map<Path, Path> temporaries = new LinkedHashMap<>();
        List<Path> appeared = new ArrayList<>();
        Path target = contents.keySet().iterator().next();
        try {
            for (Map.Entry<Path, Content> entry : contents.entrySet()) {
                target = entry.getKey();
                Path real = OutputTarget.resolved(target);
                TemporaryFiles.sweep(real);
                Path temporary = TemporaryFiles.beside(real);
                temporaries.put(real, temporary);
                fill(temporary, entry.getValue());
            }
            for (Map.Entry<Path, Path> entry : temporaries.entrySet()) {
                target = entry.getKey();
                boolean isNew = !Files.exists(target);
                move(entry.getValue(), target.toAbsolutePath());
                if (isNew) {
                    appeared.add(target);
                }
            }
            appeared.clear();
        } catch (IOException e) {
            throw new VitrailException(target + " cannot be written: " + InputFile.reason(e), e);
        } finally {
            temporaries.values().forEach(AtomicFile::discard);
            appeared.forEach(AtomicFile::discard);
        }
    }

    private static void fill(Path temporary, Content content) throws IOException {
        try (FileChannel channel =
                FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            TemporaryFiles.markInUse(channel);
            content.writeTo(channel);
            channel.force(true);
        }
    }

    /** Replaces {@code target} by a text in UTF-8; throws {@link VitrailException} if that fails. */
    public static void writeText(Path target, String text) {
        writeBytes(target, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Replaces {@code target} by these bytes; throws {@link VitrailException} if that fails. */
    public static void writeBytes(Path target, ByteBuffer bytes) {
        write(target, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void discard(Path temporary) {
        try {
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            // Deleted when the program ends.
        }
    }
}
