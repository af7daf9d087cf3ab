package org.vitrail.cli;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.vitrail.onnx.AtomicFile;
import org.vitrail.onnx.OutputTarget;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Checks the files that a command will write, before any work. */
final class Outputs {
    /** The signature of NumPy's files and the version of their format. */
    private static final byte[] NPY_MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    private static final int NPY_ALIGNMENT = 64;

    private Outputs() {}

    /** Throws {@link VitrailException} where a file of this name cannot be written; changes nothing. */
    static void requireWritable(Path file) {
        Path folder = OutputTarget.resolved(file).getParent();
        if (!Files.isWritable(folder)) {
            throw new VitrailException(file + " cannot be written: the folder " + folder + " is write-protected");
        }
    }

    /**
     * Throws {@link VitrailException} where an output would replace the input that it is made from, by any name or link;
     * the data files of a model and the files of a checkpoint are part of it.
     */
    static void requireDifferent(Path output, Path input) {
        InputFiles.of(input).forEach(file -> requireOther(output, file));
    }

    private static void requireOther(Path output, Path input) {
        Path target = OutputTarget.resolved(output);
        if (isSame(target, input) || isSame(target.resolveSibling(target.getFileName() + ".data"), input)) {
            throw new VitrailException(output + " is the input itself"
                    + (target.getFileName().equals(input.getFileName()) ? "" : " (" + input + ")")
                    + ": give the output another name");
        }
    }

    private static boolean isSame(Path output, Path input) {
        try {
            return Files.exists(output) && Files.exists(input) && Files.isSameFile(output, input);
        } catch (IOException e) {
            return output.normalize().equals(input.toAbsolutePath().normalize());
        }
    }

    /** Writes an image atomically. */
    static void writePng(BufferedImage picture, Path file) {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        try {
            ImageIO.write(picture, "png", png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        write(ByteBuffer.wrap(png.toByteArray()), file);
    }

    /** Writes a tensor atomically in NumPy's format 1.0: a header of a multiple of 64 bytes, then float32 values. */
    static void writeNpy(Tensor tensor, Path file) {
        String shape =
                Arrays.stream(tensor.shape()).mapToObj(extent -> extent + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" + shape + "), }";
        int start = NPY_MAGIC.length + Short.BYTES;
        int padded = Math.ceilDiv(start + header.length() + 1, NPY_ALIGNMENT) * NPY_ALIGNMENT - start;
        float[] values = tensor.values();
        ByteBuffer bytes = ByteBuffer.allocate(start + padded + Float.BYTES * values.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(NPY_MAGIC)
                .putShort((short) padded)
                .put((header + " ".repeat(padded - header.length() - 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (float value : values) {
            bytes.putFloat(value);
        }
        write(bytes.flip(), file);
    }

    private static void write(ByteBuffer bytes, Path file) {
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }
}
