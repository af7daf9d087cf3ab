package org.vitrail.graph;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vitrail.tensor.VitrailException;

/**
 * Keeps large computed weights outside the heap, in memory-mapped files of the temporary folder that are deleted when
 * they are no longer used. Models may thus be larger than memory: the operating system pages weights in and out.
 */
public final class ScratchFile {
    /** Smaller weights stay on the heap. */
    private static final int MIN_BYTES = 4 << 20;

    private ScratchFile() {}

    /**
     * Returns the same weight; the bytes of a large one are moved to a file.
     *
     * @throws VitrailException when the temporary folder has too little free space
     */
    public static Weight kept(Weight weight) {
        return kept(weight, MIN_BYTES);
    }

    public static Weight kept(Weight weight, int minBytes) {
        ByteBuffer bytes = weight.bytes();
        if (bytes.remaining() < minBytes) {
            return weight;
        }
        try {
            return Weight.of(weight.type(), weight.shape(), inFile(bytes));
        } catch (IOException e) {
            throw new VitrailException(
                    "there is no space for " + bytes.limit() + " bytes of weights in the temporary folder "
                            + System.getProperty("java.io.tmpdir") + " (" + e.getMessage()
                            + "): free some space, or name another folder with VITRAIL_JAVA_OPTS=-Djava.io.tmpdir=FOLDER",
                    e);
        }
    }

    private static ByteBuffer inFile(ByteBuffer bytes) throws IOException {
        Path file = Files.createTempFile("vitrail", ".weights");
        file.toFile().deleteOnExit();
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
            long size = bytes.remaining();
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        }
    }
}
