package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Shared;

/** Tests that unusable input gives one sentence and exit code 2, and that nothing is written. */
@Tag("shared")
class BadInputTest {
    @TempDir
    Path folder;

    private Path good;
    private Path photos;
    private Path inputs;
    private Path outputs;
    private Path output;

    @BeforeEach
    void folders() throws IOException {
        good = Shared.path("models/onnx/small/timm-vit/torchscript.onnx");
        photos = Shared.path("images/photos");
        inputs = Files.createDirectory(folder.resolve("inputs"));
        outputs = Files.createDirectory(folder.resolve("outputs"));
        output = outputs.resolve("out.onnx");
    }

    @ParameterizedTest
    @EnumSource
    void refusesToQuantize(BadModels bad) {
        assertRefused(quantize(bad.in(inputs, good)), bad.complaint());
    }

    @ParameterizedTest
    @EnumSource(names = "NAN_WEIGHTS", mode = EnumSource.Mode.EXCLUDE)
    void refusesToInspect(BadModels bad) {
        Path report = outputs.resolve("report.json");

        assertRefused(CommandLineRun.of("inspect", bad.in(inputs, good), "--json", report), bad.complaint());
    }

    @Test
    void refusesToQuantizeTwice() {
        Path once = inputs.resolve("once.onnx");
        assertThat(CommandLineRun.of("quantize", good, "--images", photos, "-o", once)
                        .exitCode())
                .isZero();

        assertRefused(quantize(once), "quantized already");
    }

    @ParameterizedTest
    @ValueSource(strings = {"W1A8", "W8A11", "W99A99", "8", "int8", "W8", ""})
    void refusesBitsThatDoNotExist(String bits) {
        assertRefused(quantize(good, "--bits", bits), "bits");
    }

    @Test
    void refusesNamesThatDoNotExistAndSaysWhichDo() {
        assertRefused(quantize(good, "--preset", "worst"), "best, paper");
        assertRefused(quantize(good, "--target", "gpu"), "there are portable");
        assertRefused(quantize(good, "--attention", "int8"), "FLOAT");
        assertRefused(quantize(good, "--preprocessing", "none"), "imagenet");
        assertRefused(quantize(good, "--filter", "cubic"), "bicubic");
    }

    @Test
    void refusesNumbersThatMakeNoSense() {
        assertRefused(quantize(good, "--count", "0"), "--count");
        assertRefused(quantize(good, "--count", "many"), "'many' is not an int");
        assertRefused(quantize(good, "--threads", "-1"), "--threads");
        assertRefused(quantize(good, "--mean", "0.5,0.5"), "--mean");
        assertRefused(quantize(good, "--std", "0"), "std");
        assertRefused(quantize(good, "--crop", "wide"), "--crop");
        assertRefused(quantize(good, "--crop", "32"), "32×32");
    }

    @Test
    void refusesAFolderWithoutPictures() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));

        assertRefused(quantizeOn(empty), "holds no");
        assertRefused(quantizeOn(folder.resolve("missing")), "there is no such folder");
        assertRefused(quantizeOn(good), "is a file");
    }

    @Test
    void refusesAFolderOfBrokenPicturesOnly() throws IOException {
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.writeString(broken.resolve("a.jpg"), "not a picture");
        Files.writeString(broken.resolve("b.png"), "nor this");

        assertRefused(quantizeOn(broken), "none of the 2 pictures can be read");
    }

    @Test
    void refusesOutputsThatCannotBeWrittenBeforeAnyWork() {
        Path nowhere = folder.resolve("no/out.onnx");

        assertRefused(CommandLineRun.of("quantize", "no.onnx", "--images", "no", "-o", nowhere), "there is no folder");
        assertRefused(CommandLineRun.of("quantize", "no.onnx", "--images", "no", "-o", outputs), "is a folder");
        assertRefused(CommandLineRun.of("quantize", good, "--images", "synthetic", "-o", good), "is the input itself");
        assertRefused(quantize(good, "--json", folder.resolve("no/report.json").toString()), "there is no folder");
        assertRefused(CommandLineRun.of("import", "--random", "deit-tiny", "-o", nowhere), "there is no folder");
    }

    @Test
    void refusesToCompressOverItsOwnInput() throws IOException {
        Path archive = inputs.resolve("model.onnx.zst");
        OnnxFile.write(OnnxFile.read(good), archive);
        Path plainName = inputs.resolve("model.onnx");

        assertRefused(
                CommandLineRun.of("quantize", archive, "--images", photos, "-o", plainName, "--compress"),
                "is the input itself");
    }

    @Test
    void refusesCheckpointsAndShapesThatDoNotExist() {
        assertRefused(CommandLineRun.of("import", inputs.resolve("none.safetensors"), "-o", output), "none");
        assertRefused(CommandLineRun.of("import", "--random", "deit-huge-ish", "-o", output), "deit-tiny");
    }

    @Test
    void refusesToProveWhatIsNotQuantized() {
        assertRefused(CommandLineRun.of("prove", good), "holds no quantized product");
    }

    private CommandLineRun quantize(Path model, String... options) {
        return CommandLineRun.of(
                Stream.concat(Stream.of("quantize", model, "--images", photos, "--output", output), Stream.of(options))
                        .toArray());
    }

    private CommandLineRun quantizeOn(Path images) {
        return CommandLineRun.of("quantize", good, "--images", images, "--output", output);
    }

    private void assertRefused(CommandLineRun run, String complaint) {
        assertThat(run.err()).startsWith("vitrail: ").contains(complaint);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(written()).isEmpty();
    }

    private List<Path> written() {
        try (Stream<Path> files = Files.list(outputs)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
