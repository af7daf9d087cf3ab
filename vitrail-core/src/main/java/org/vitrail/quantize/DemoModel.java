package org.vitrail.quantize;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** The small trained vision transformer that ships with the library: a checkpoint to try quantization on. */
public final class DemoModel {
    private static final String RESOURCES = "/org/vitrail/demo/";

    private static final List<String> FILES = List.of("config.json", "model.safetensors");

    private DemoModel() {}

    /**
     * Writes the checkpoint's files into a folder, which is made where it is missing; {@link org.vitrail.Model#open}
     * opens it.
     *
     * @throws VitrailException when the folder cannot be written
     */
    public static void write(Path folder) {
        try {
            Files.createDirectories(folder);
            for (String name : FILES) {
                write(name, folder.resolve(name));
            }
        } catch (IOException e) {
            throw new VitrailException(folder + " cannot be written: " + InputFile.reason(e), e);
        }
    }

    private static void write(String name, Path file) throws IOException {
        try (InputStream in = DemoModel.class.getResourceAsStream(RESOURCES + name)) {
            if (in == null) {
                throw new VitrailException("this build has no demo model: train it as vitrail-demo-training says");
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
