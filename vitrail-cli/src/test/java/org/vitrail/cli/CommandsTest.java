package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.testing.Shared;

/** Tests every command on a small real model. */
@Tag("shared")
class CommandsTest {
    @TempDir
    Path folder;

    private Path model;
    private Path photos;

    @BeforeEach
    void find() {
        model = Shared.path("models/onnx/small/timm-vit/torchscript.onnx");
        photos = Shared.path("images/photos");
    }

    @Test
    void quantizesProvesEvaluatesComparesAndPredicts() throws IOException {
        Path output = folder.resolve("int8.onnx");
        Path json = folder.resolve("report.json");

        String text =
                succeed("quantize", model, "--images", photos, "-o", output, "--preprocessing", "unit", "--json", json);
        assertThat(text)
                .contains("2 blocks: 10 linear layers quantized W8A8")
                .contains("Attention scores, quantized against float", "pairs kept in each head", "block 1")
                .contains("held-back pictures", "resize to 64×64", "the caller", output.toString());
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/output/bytes").asLong()).isEqualTo(Files.size(output));
        assertThat(report.at("/metrics/agreement").asDouble()).isBetween(0.0, 1.0);
        assertThat(report.at("/saturationProved").asBoolean()).isTrue();

        assertThat(succeed("prove", output)).contains("uint8 × int8 weights", "Proved:");
        assertThat(succeed("inspect", output)).contains("2", "quantized already", "the model's own metadata");
        assertThat(succeed(
                        "evaluate",
                        output,
                        "--images",
                        photos,
                        "--reference",
                        model,
                        "--count",
                        5,
                        "--engine",
                        "onnxruntime"))
                .contains("5 pictures of", "agreement", "latency", "peak memory", "CPU: ");
        assertThat(succeed("compare", model, output, "--rounds", 2))
                .contains("torchscript.onnx", "int8.onnx", "1.00 ×", "Speed of int8.onnx");
        assertThat(succeed("predict", output, photos.resolve("retina.jpg"), "--top", 3)
                        .lines())
                .hasSize(4)
                .anyMatch(line -> line.contains("class "));
    }

    @Test
    void everyCommandReadsACompressedModel() throws IOException {
        Path json = folder.resolve("report.json");
        succeed("quantize", model, "--images", photos, "-o", folder.resolve("w4.onnx"), "--bits", "W4A8", "-q");
        String text = succeed(
                "quantize",
                model,
                "--images",
                photos,
                "-o",
                folder.resolve("w4c.onnx"),
                "--bits",
                "W4A8",
                "--compress",
                "--json",
                json);
        Path plain = folder.resolve("w4.onnx");
        Path compressed = folder.resolve("w4c.onnx.zst");

        assertThat(text).contains("w4c.onnx.zst");
        assertThat(folder.resolve("w4c.onnx")).doesNotExist();
        assertThat(Files.size(compressed)).isLessThan(Files.size(plain));
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        assertThat(report.at("/output/bytes").asLong()).isEqualTo(Files.size(compressed));
        assertThat(succeed("prove", compressed)).isEqualTo(succeed("prove", plain));
        assertThat(succeed("predict", compressed, photos.resolve("retina.jpg"))
                        .lines()
                        .skip(1))
                .isEqualTo(succeed("predict", plain, photos.resolve("retina.jpg"))
                        .lines()
                        .skip(1)
                        .toList());
        assertThat(succeed("inspect", compressed)).contains("quantized already", "the model's own metadata");
        assertThat(succeed("evaluate", compressed, "--images", photos, "--reference", plain, "--count", 3))
                .contains("agreement", "100.00 %");
        assertThat(succeed("compare", plain, compressed, "--rounds", 2)).contains("w4c.onnx.zst", "1.00 ×");
        assertThat(succeed(
                        "import", Shared.path("models/small-checkpoints/hf-vit"), "-o", folder.resolve("i.onnx.zst")))
                .contains("Written");
        succeed(
                "quantize",
                folder.resolve("i.onnx.zst"),
                "--images",
                photos,
                "-o",
                folder.resolve("i8.onnx.zst"),
                "-q");
        assertThat(succeed("inspect", folder.resolve("i8.onnx.zst"))).contains("quantized already");
    }

    @Test
    void givesTheSameBytesAgainAndOnOneThread() throws IOException {
        Path first = folder.resolve("first.onnx");
        Path second = folder.resolve("second.onnx");

        succeed("quantize", model, "--images", photos, "-o", first, "--threads", 2, "-q");
        succeed("quantize", model, "--images", photos, "-o", second, "--threads", 1, "-q");

        assertThat(Files.mismatch(first, second)).isEqualTo(-1);
    }

    @Test
    void warnsLoudlyOfAQuantizationThatHarms() {
        CommandLineRun run = CommandLineRun.of(
                "quantize", model, "--images", photos, "--bits", "W2A2", "-q", "-o", folder.resolve("bad.onnx"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("WARNING", "destroyed the model", "the largest errors are at", "try more bits");
    }

    @Test
    void quietMeansThatNothingIsPrinted() {
        assertThat(succeed("quantize", model, "--images", photos, "-q", "-o", folder.resolve("q.onnx")))
                .isEmpty();
    }

    @Test
    void namesABrokenPictureAndGoesOn() throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("pictures"));
        Files.copy(photos.resolve("retina.jpg"), pictures.resolve("a.jpg"));
        Files.copy(photos.resolve("retina.jpg"), pictures.resolve("b.jpg"));
        Files.writeString(pictures.resolve("broken.jpg"), "not a picture");

        CommandLineRun run =
                CommandLineRun.of("quantize", model, "--images", pictures, "-o", folder.resolve("out.onnx"));

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("broken.jpg", "1 picture was skipped");
    }

    @Test
    void importsACheckpointWithWhatItsFilesSay() {
        Path output = folder.resolve("imported.onnx");

        String text = succeed("import", Shared.path("models/small-checkpoints/hf-vit"), "-o", output);

        assertThat(text).contains("2 blocks, width 48, 3 heads", "Written");
        assertThat(succeed("inspect", output, "--all")).contains("the model's own metadata", "block 1", "MLP expand");
    }

    @Test
    void breaksLinesAtTheTerminalsWidthBetweenTheSameWords() {
        String unbroken = succeed("inspect", model);
        String broken = CommandLineRun.wrappedAt(60, "inspect", model).out();

        assertThat(broken.lines().count()).isGreaterThan(unbroken.lines().count());
        assertThat(broken.split("\\s+")).isEqualTo(unbroken.split("\\s+"));
    }

    private static String succeed(Object... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }
}
