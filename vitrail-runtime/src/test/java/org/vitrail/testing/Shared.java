package org.vitrail.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real models and images beside the project; tests that need them are tagged {@code shared}. */
public final class Shared {
    private Shared() {}

    /** A file or folder of the shared data; the test is reported as skipped, with the reason, where it is absent. */
    public static Path path(String relative) {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve("shared/models"))) {
            folder = folder.getParent();
        }
        Assumptions.assumeTrue(
                folder != null, "the shared models and images (../shared beside the project) are not on this machine");
        return folder.resolve("shared").resolve(relative);
    }

    /** A file of little-endian float32 values. */
    public static float[] floats(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[bytes.remaining() / 4];
            bytes.asFloatBuffer().get(values);
            return values;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
