package org.vitrail.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;

/** A file beside the model's folder that no model may read; its content shows where one did. */
final class ForbiddenFile {
    private static final String CONTENT = "this content lies outside of the model's folder";

    private ForbiddenFile() {}

    /** Writes the forbidden file, and a data file that the model may read. */
    static void prepare(Path modelFolder) {
        try {
            Files.writeString(modelFolder.resolveSibling("secret.bin"), CONTENT.repeat(20));
            Files.write(modelFolder.resolve("weights.bin"), new byte[1024]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Requires that no weight of the graph holds content of the forbidden file. */
    static void requireAbsent(Graph graph, Path file) {
        for (Weight weight : graph.weights().values()) {
            ByteBuffer bytes = weight.bytes().duplicate();
            byte[] start = new byte[Math.min(bytes.remaining(), 2 * CONTENT.length())];
            bytes.get(start);
            String text = new String(start, StandardCharsets.ISO_8859_1);
            if (start.length >= 8 && CONTENT.repeat(3).contains(text.substring(0, Math.min(8, text.length())))) {
                throw new AssertionError(file + ": a weight holds bytes of a file outside of the model's folder");
            }
        }
    }
}
