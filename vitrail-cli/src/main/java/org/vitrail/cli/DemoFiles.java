package org.vitrail.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.vitrail.Model;
import org.vitrail.image.ImageSource;
import org.vitrail.quantize.DemoModel;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** Writes the files of the demo: the model, and images to look at. */
record DemoFiles(Path folder) {
    /** Number of images from one written sample to the next, so that shape and pattern differ. */
    private static final int SAMPLE_STRIDE = 5;

    /**
     * Writes to a folder that is created where it is missing; throws {@link VitrailException} where it cannot be
     * written.
     */
    static DemoFiles in(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new VitrailException(folder + " is a file: give the name of a folder to write to");
        }
        DemoFiles files = new DemoFiles(folder);
        try {
            Files.createDirectories(folder);
            Files.createDirectories(files.samples());
        } catch (IOException e) {
            throw new VitrailException(folder + " cannot be written: " + InputFile.reason(e), e);
        }
        DemoModel.write(files.checkpoint());
        return files;
    }

    private Path checkpoint() {
        return folder.resolve("checkpoint");
    }

    /** Returns the demo model. */
    Model model() {
        return Model.open(checkpoint());
    }

    Path original() {
        return folder.resolve("float.onnx");
    }

    Path quantized() {
        return folder.resolve("quantized.onnx");
    }

    Path report() {
        return folder.resolve("report.json");
    }

    Path samples() {
        return folder.resolve("pictures");
    }

    /** Writes some images of a source as PNG files. */
    void writeSamples(ImageSource source, int count) {
        for (int i = 0; i < source.size() && i < count * SAMPLE_STRIDE; i += SAMPLE_STRIDE) {
            Path file =
                    samples().resolve(source.name(i).toLowerCase(Locale.ROOT).replace(' ', '-') + ".png");
            Outputs.writePng(source.image(i).toBufferedImage(), file);
        }
    }
}
