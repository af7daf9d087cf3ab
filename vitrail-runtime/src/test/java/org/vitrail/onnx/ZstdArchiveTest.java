package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;

/**
 * Tests that compressed models are loss-free, recognised by content, and rejected before they allocate too much memory.
 */
class ZstdArchiveTest {
    /** Offset of the size in the header of a frame with one segment and a 4-byte size: magic, descriptor, size. */
    private static final int SIZE_OFFSET = 5;

    @TempDir
    Path folder;

    private Graph graph;
    private Path archive;

    @BeforeEach
    void writeAnArchive() {
        byte[] codes = new byte[1 << 14];
        Random random = new Random(1);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) Math.round(8 * random.nextGaussian());
        }
        graph = Graphs.of(
                21,
                Map.of("w", Weight.of(DataType.INT8, new int[] {128, 128}, ByteBuffer.wrap(codes))),
                Node.of("Cast", List.of("w"), "f"),
                Node.of("MatMul", List.of("x", "f"), "y"));
        archive = folder.resolve("model.onnx.zst");
        OnnxFile.write(graph, archive);
    }

    @Test
    void holdsTheBytesOfTheFile() throws IOException {
        Path plain = folder.resolve("model.onnx");
        OnnxFile.write(graph, plain);

        assertThat(Zstd.decompress(Files.readAllBytes(archive), (int) Files.size(plain)))
                .isEqualTo(Files.readAllBytes(plain));
        assertThat(OnnxFile.read(archive)).isEqualTo(OnnxFile.read(plain));
        // Quantized weights of about five bits of entropy, stored in a byte each.
        assertThat(Files.size(archive)).isLessThan(Files.size(plain) * 2 / 3);
    }

    @Test
    void isTheSameEveryTimeAndOfTheSizeThatIsTold() throws IOException {
        Path again = folder.resolve("again.onnx.ZST");
        OnnxFile.write(graph, again);

        assertThat(Files.mismatch(archive, again)).isEqualTo(-1);
        assertThat(OnnxFile.compressedBytes(graph)).isEqualTo(Files.size(archive));
    }

    @Test
    void isKnownByItsContentWhateverItsName() throws IOException {
        Path plain = folder.resolve("plain.onnx");
        OnnxFile.write(graph, plain);
        Path archiveNamedOnnx = Files.copy(archive, folder.resolve("archive.onnx"));
        Path onnxNamedArchive = Files.copy(plain, folder.resolve("plain.onnx.zst"));

        assertThat(OnnxFile.read(archiveNamedOnnx)).isEqualTo(OnnxFile.read(plain));
        assertThat(OnnxFile.read(onnxNamedArchive)).isEqualTo(OnnxFile.read(plain));
        assertThat(OnnxFile.isCompressed(archiveNamedOnnx)).isTrue();
        assertThat(OnnxFile.isCompressed(onnxNamedArchive)).isFalse();
    }

    @Test
    void hasItsNameOnce() {
        assertThat(OnnxFile.compressedName(folder.resolve("a.onnx"))).isEqualTo(folder.resolve("a.onnx.zst"));
        assertThat(OnnxFile.compressedName(folder.resolve("a.onnx.zst"))).isEqualTo(folder.resolve("a.onnx.zst"));
    }

    @Test
    void readsWhatOtherProgramsPack() throws IOException {
        Path plain = folder.resolve("plain.onnx");
        OnnxFile.write(graph, plain);
        for (int level : new int[] {-5, 3, 22}) {
            assertThat(OnnxFile.read(save(Zstd.compress(Files.readAllBytes(plain), level))))
                    .isEqualTo(OnnxFile.read(plain));
        }
    }

    @Test
    void refusesEveryCutAndEveryFlippedBitThatChangesTheModel() throws IOException {
        Graph small = Graphs.of(17, Map.of("w", Weight.scalar(2)), Node.of("Mul", List.of("x", "w"), "y"));
        OnnxFile.write(small, archive);
        Graph whole = OnnxFile.read(archive);
        byte[] bytes = Files.readAllBytes(archive);
        for (int length = Integer.BYTES; length < bytes.length; length++) {
            assertRefused(Arrays.copyOf(bytes, length)).hasMessageContaining("is cut short or damaged");
        }
        for (int bit = 8 * Integer.BYTES; bit < 8 * bytes.length; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            Path file = save(flipped);
            try {
                assertThat(OnnxFile.read(file)).isEqualTo(whole);
            } catch (VitrailException e) {
                assertThat(e).hasMessageContaining(file.toString()).hasMessageNotContaining("\n");
            }
        }
    }

    @Test
    void refusesABombWithoutTakingMemoryForIt() throws IOException {
        byte[] bomb = Zstd.compress(new byte[200 << 20]);
        long before = directBytes();

        assertRefused(bomb).hasMessageContaining("times its size").hasMessageContaining("zstd -d");
        assertThat(directBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void refusesMoreThanAnArchiveMayHold() throws IOException {
        assertRefused(saying(ZstdArchive.MAX_UNPACKED_BYTES + 1)).hasMessageContaining("unpacks to 1024 MB, more than");
        assertRefused(saying(-1)).hasMessageContaining("unpacks to 4095 MB, more than");
    }

    @Test
    void refusesAnArchiveThatHoldsMoreOrLessThanItSays() throws IOException {
        assertRefused(saying(1000)).hasMessageContaining("is cut short or damaged");
        assertRefused(saying(ZstdArchive.RATIO_CHECK_THRESHOLD_BYTES)).hasMessageContaining("is cut short or damaged");
    }

    @Test
    void readsAnArchiveThatDoesNotDeclareItsSize() throws IOException {
        Path plain = folder.resolve("plain.onnx");
        OnnxFile.write(graph, plain);

        assertThat(OnnxFile.read(save(piped(Files.readAllBytes(plain))))).isEqualTo(OnnxFile.read(plain));
    }

    @Test
    void countsTheSizeThatAnArchiveDoesNotDeclareUpToTheLimitsOnly() throws IOException {
        byte[] bomb = piped(new byte[200 << 20]);
        long before = directBytes();

        assertRefused(bomb).hasMessageContaining("times its size").hasMessageContaining("zstd -d");
        assertThat(directBytes() - before).isLessThan(4 << 20);
        byte[] whole = piped(new byte[100_000]);
        for (int length = Integer.BYTES; length < whole.length; length++) {
            assertRefused(Arrays.copyOf(whole, length)).hasMessageContaining("is cut short or damaged");
        }
    }

    /** Packs bytes as {@code cat x | zstd} does, without their number in the frame. */
    private static byte[] piped(byte[] bytes) {
        try (ZstdCompressCtx silent = new ZstdCompressCtx().setContentSize(false)) {
            return silent.compress(bytes);
        }
    }

    @Test
    void refusesArchivesThatAreNotOneFrame() throws IOException {
        byte[] one = Files.readAllBytes(archive);
        byte[] two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);
        assertRefused(two).hasMessageContaining("more than one Zstandard frame");
        assertRefused(Arrays.copyOf(one, one.length + 1)).hasMessageContaining("more than one Zstandard frame");
        assertRefused(piped(new byte[0])).hasMessageContaining("is the archive of an empty file");
        assertRefused(Zstd.compress(new byte[0])).hasMessageContaining("is the archive of an empty file");
    }

    @Test
    void saysThatItsContentIsNoModel() throws IOException {
        assertRefused(Zstd.compress("\u0089PNG, or nearly".getBytes(StandardCharsets.ISO_8859_1)))
                .hasMessageContaining("unpacked, is not an ONNX file; it is a PNG image");
        assertRefused(Zstd.compress(Files.readAllBytes(archive)))
                .hasMessageContaining("it is a Zstandard archive inside another");
    }

    @Test
    void writesNothingWhereTheModelIsTooLarge() throws IOException {
        Path sparse = folder.resolve("weights.bin");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(ZstdArchive.MAX_UNPACKED_BYTES + 1L);
            ByteBuffer bytes = file.getChannel().map(FileChannel.MapMode.READ_ONLY, 0, file.length());
            Graph large = graph.withWeights(Map.of(
                    "w", Weight.of(DataType.INT8, new int[] {ZstdArchive.MAX_UNPACKED_BYTES + 1}, bytes)));
            Path target = folder.resolve("large.onnx.zst");

            assertThat(OnnxFile.canBeCompressed(graph)).isTrue();
            assertThat(OnnxFile.canBeCompressed(large)).isFalse();
            assertThatThrownBy(() -> OnnxFile.write(large, target))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining(target + " cannot be compressed")
                    .hasMessageContaining("without compression");
            assertThat(target).doesNotExist();
        }
    }

    /** An archive of 100 kB whose header declares another number of bytes. */
    private static byte[] saying(int size) {
        byte[] archive = Zstd.compress(new byte[100_000]);
        assertThat(archive[SIZE_OFFSET - 1] & 0xE0)
                .as("one segment, 4 bytes of size")
                .isEqualTo(0xA0);
        ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putInt(SIZE_OFFSET, size);
        return archive;
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    private Path save(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("other.onnx.zst"), bytes);
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(byte[] bytes) throws IOException {
        Path file = save(bytes);
        return assertThatThrownBy(() -> OnnxFile.read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining(file.toString())
                .hasMessageNotContaining("\n");
    }
}
