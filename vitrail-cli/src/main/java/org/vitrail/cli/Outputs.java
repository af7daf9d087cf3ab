package org.vitrail.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.vitrail.onnx.AtomicFile;
import org.vitrail.tensor.VitrailException;

/** Checks the files that a command will write, before any work. */
final class Outputs {
    private Outputs() {}

    /** Throws {@link VitrailException} where a file of this name cannot be written; changes nothing. */
    static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (Files.isDirectory(file) || folder == null) {
            throw new VitrailException(file + " is a folder: give the name of a file to write");
        }
        if (!Files.isDirectory(folder)) {
            throw new VitrailException(file + " cannot be written: there is no folder " + folder);
        }
        if (!Files.isWritable(folder)) {
            throw new VitrailException(file + " cannot be written: the folder " + folder + " is write-protected");
        }
    }

    /** Throws {@link VitrailException} where an output would replace the input that it is made from. */
    static void requireDifferent(Path output, Path input) {
        if (output.toAbsolutePath().normalize().equals(input.toAbsolutePath().normalize())) {
            throw new VitrailException(output + " is the input itself: give the output another name");
        }
    }

    /** Writes an image atomically. */
    static void writePng(BufferedImage picture, Path file) {
        AtomicFile.write(file, channel -> {
            ByteArrayOutputStream png = new ByteArrayOutputStream();
            ImageIO.write(picture, "png", png);
            ByteBuffer bytes = ByteBuffer.wrap(png.toByteArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
