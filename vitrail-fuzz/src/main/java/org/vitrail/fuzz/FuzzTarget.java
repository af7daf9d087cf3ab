package org.vitrail.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The entry point that Jazzer calls, once for each input. The system property {@code fuzz.reader} names the reader.
 *
 * @see <a href="https://github.com/CodeIntelligenceTesting/jazzer">Jazzer</a>
 */
public final class FuzzTarget {
    private static final UntrustedReader READER =
            UntrustedReader.ofLabel(System.getProperty("fuzz.reader", UntrustedReader.ONNX.label()));
    private static final Path FOLDER = folder();
    private static final Path FILE = FOLDER.resolve(READER.fileName());

    private FuzzTarget() {}

    private static Path folder() {
        try {
            Path folder = Files.createDirectory(
                    Files.createTempDirectory("vitrail-fuzz").resolve("model"));
            ForbiddenFile.prepare(folder);
            return folder;
        } catch (IOException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Reads one input and checks the bounds of its reader. */
    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        // A new file each time: a reader may have mapped the last one.
        Path next = FOLDER.resolve("next");
        Files.write(next, input);
        Files.move(next, FILE, StandardCopyOption.REPLACE_EXISTING);
        ReaderBounds.check(READER, FILE, input.length);
    }
}
