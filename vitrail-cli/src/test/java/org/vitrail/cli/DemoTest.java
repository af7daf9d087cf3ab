package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
    @TempDir
    Path folder;

    @Test
    void quantizesTheModelThatShipsAndSaysWhereEverythingIs() throws IOException {
        Path output = folder.resolve("demo");

        CommandLineRun run = CommandLineRun.of("demo", "--output", output, "--count", 240);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("W8A8", "top-1", "agreement", "file size", "latency", "peak memory", "Fine:");
        assertThat(output.resolve("float.onnx")).isNotEmptyFile();
        assertThat(output.resolve("quantized.onnx")).isNotEmptyFile();
        JsonNode models = new ObjectMapper()
                .readTree(output.resolve("report.json").toFile())
                .at("/comparison/models");
        double before = models.at("/0/metrics/top1Accuracy").asDouble();
        double after = models.at("/1/metrics/top1Accuracy").asDouble();
        assertThat(before).isGreaterThan(0.85);
        assertThat(after).isGreaterThan(before - 0.03);
        assertThat(Files.size(output.resolve("quantized.onnx")))
                .isLessThan(Files.size(output.resolve("float.onnx")) / 3);
    }

    @Test
    void refusesAnOutputThatIsAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        CommandLineRun run = CommandLineRun.of("demo", "--output", file);

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("is a file");
    }
}
