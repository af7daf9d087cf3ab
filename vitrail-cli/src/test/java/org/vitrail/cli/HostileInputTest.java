package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests that files made to do harm end in one sentence soon, and that no input is ever replaced. */
@Timeout(120)
class HostileInputTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"cos.onnx", "tile.onnx", "concat.onnx"})
    void inspectsAModelWhoseConstantsWouldFillTheMemory(String name) {
        CommandLineRun run = CommandLineRun.of("inspect", copy(name));

        assertThat(run.exitCode()).isIn(0, 2);
        assertThat(run.err()).doesNotContain("internal error").hasLineCount(run.exitCode() == 0 ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "ref_cwd.onnx, external data is supported for plain weights only",
        "batchmax.onnx, its extents should have a product of at most",
    })
    void refusesAModelInOneSentence(String name, String complaint) {
        assertRefused(CommandLineRun.of("inspect", copy(name)), complaint);
    }

    @Test
    void replacesControlCharactersInMessagesAndTables() {
        CommandLineRun run = CommandLineRun.of("inspect", copy("esc.onnx"));

        assertThat((run.out() + run.err()).chars()).noneMatch(each -> each < ' ' && each != '\n');
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang.webp", "p100m_x1.png", "null-message.bmp"})
    void refusesAPictureInOneSentence(String name) {
        CommandLineRun run = CommandLineRun.of("predict", checkpoint(), copy(name));

        assertRefused(run, name);
        assertThat(run.err()).doesNotContain("(null)");
    }

    @Test
    void refusesAPictureOfSixteenBitsThatExceedsTheMemory() throws IOException {
        assertRefused(
                CommandLineRun.of("predict", checkpoint(), Files.write(folder.resolve("a.png"), png(10_000, 16, 6))),
                "samples");
    }

    @Test
    void namesTheLineOfALabelThatNoFileCanHave() {
        copy("a.png");
        copy("labels.csv");

        assertRefused(CommandLineRun.of("evaluate", checkpoint(), "--images", folder), "labels.csv, line 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"the name", "a symbolic link", "a hard link"})
    void neverReplacesTheCheckpointThatItReads(String way) throws IOException {
        Path checkpoint = checkpoint();
        Path output = folder.resolve("out.onnx");
        switch (way) {
            case "the name" -> output = checkpoint;
            case "a symbolic link" -> Files.createSymbolicLink(output, checkpoint);
            default -> Files.createLink(output, checkpoint);
        }
        byte[] before = Files.readAllBytes(checkpoint);

        assertRefused(CommandLineRun.of("import", checkpoint, "-o", output), "is the input itself");
        assertRefused(CommandLineRun.of("inspect", checkpoint, "--json", output), "is the input itself");
        assertRefused(CommandLineRun.of("import", checkpoint.getParent(), "-o", output), "is the input itself");
        assertThat(Files.readAllBytes(checkpoint)).isEqualTo(before);
    }

    @Test
    void followsLinksAndReplacesOnlyRegularFiles() throws Exception {
        Path target = folder.resolve("target.onnx");
        Path link = Files.createSymbolicLink(folder.resolve("link.onnx"), target);
        assertThat(CommandLineRun.of("import", checkpoint(), "-o", link).exitCode())
                .isZero();
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(target).isNotEmptyFile();

        Path pipe = folder.resolve("pipe");
        if (new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0) {
            assertRefused(CommandLineRun.of("import", checkpoint(), "-o", pipe), "special file");
            assertThat(Files.isRegularFile(pipe)).isFalse();
        }
    }

    @Test
    void sweepsWhatAKilledRunLeft() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path stray = Files.write(folder.resolve(".out.onnx." + ended.pid() + "-1f.tmp"), new byte[9]);
        Path living = Files.write(
                folder.resolve(".out.onnx." + ProcessHandle.current().pid() + "-1f.tmp"), new byte[9]);

        assertThat(CommandLineRun.of("import", checkpoint(), "-o", folder.resolve("out.onnx"))
                        .exitCode())
                .isZero();
        assertThat(stray).doesNotExist();
        assertThat(living).exists();
    }

    @Test
    void saysInOneSentenceThatMemoryIsShort() {
        assertThat(Failure.of(new IllegalStateException(new OutOfMemoryError("heap")))
                        .sentence())
                .contains("not enough memory", "-Xmx");
        assertThat(Failure.of(new StackOverflowError()).exitCode()).isEqualTo(2);
        assertThat(Failure.of(new ExceptionInInitializerError(new UnsatisfiedLinkError("no library")))
                        .sentence())
                .contains("temporary folder");
    }

    private static void assertRefused(CommandLineRun run, String complaint) {
        assertThat(run.err())
                .contains(complaint)
                .doesNotContain("internal error")
                .hasLineCount(1);
        assertThat(run.err().length()).isLessThan(2100);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    /** Returns the weights of a small checkpoint with its configuration. */
    private Path checkpoint() {
        List<Path> files = Stream.of("config.json", "preprocessor_config.json", "model.safetensors")
                .map(name -> copy("checkpoint/" + name))
                .toList();
        return files.getLast();
    }

    private Path copy(String name) {
        try (InputStream in = HostileInputTest.class.getResourceAsStream("/hostile/" + name)) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            if (!Files.exists(file)) {
                Files.copy(in, file);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A PNG file of a square picture whose samples are missing. */
    private static byte[] png(int side, int depth, int colourType) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(side)
                .putInt(side)
                .put(new byte[] {(byte) depth, (byte) colourType, 0, 0, 0});
        CRC32 checksum = new CRC32();
        checksum.update(header.array());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13});
        file.write(header.array());
        file.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
        file.write(new byte[] {0, 0, 1, 0, 'I', 'D', 'A', 'T'});
        file.write(new byte[100_000]);
        return file.toByteArray();
    }
}
