package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.testing.Shared;

/** Tests {@code vitrail quantize} with mixed precision. */
@Tag("shared")
class MixedPrecisionCommandTest {
    @TempDir
    Path folder;

    private Path model;
    private Path photos;

    @BeforeEach
    void find() {
        model = Shared.path("models/onnx/small/timm-vit/torchscript.onnx");
        photos = Shared.path("images/photos");
    }

    private CommandLineRun quantize(Object... more) {
        Object[] command = {"quantize", model, "--images", photos, "-o", folder.resolve("q.onnx")};
        Object[] all = new Object[command.length + more.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return CommandLineRun.of(all);
    }

    @Test
    void showsTheBitsOfEachModuleAndWritesTheWholeFrontier() throws IOException {
        Path frontier = folder.resolve("deep/frontier");
        Path json = folder.resolve("report.json");

        CommandLineRun run = quantize("--average-bits", "6", "--frontier", frontier, "--json", json);

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("bits on average", "divergence", "budget:", "nominally")
                .contains("Block  attention  MLP");
        JsonNode report = new ObjectMapper().readTree(json.toFile());
        JsonNode mixed = report.get("mixedPrecision");
        assertThat(mixed.get("averageBits").asDouble()).isBetween(4.0, 6.0);
        assertThat(report.at("/verdict/sentence").asText())
                .contains(" " + Math.round(mixed.get("averageBits").asDouble()) + " bits");
        assertThat(mixed.get("modules")).hasSize(4);
        assertThat(mixed.at("/modules/0/name").asText()).isEqualTo("block 0 attention");
        assertThat(mixed.at("/modules/0/sensitivities")).hasSize(5);

        JsonNode points = new ObjectMapper()
                .readTree(frontier.resolve("frontier.json").toFile())
                .get("points");
        List<String> lines = Files.readAllLines(frontier.resolve("frontier.csv"));
        assertThat(lines).hasSize(points.size() + 1).hasSizeGreaterThan(5);
        assertThat(lines.getFirst())
                .startsWith("weight_bits,average_bits,nominal_bytes,sensitivity,chosen,")
                .endsWith("\"block 1 MLP\"");
        assertThat(lines).filteredOn(line -> line.contains(",true,")).hasSize(1);
        Path picture = frontier.resolve("frontier.svg");
        String svg = Files.readString(picture);
        assertThat(svg).contains("<svg", "clip-1", "</svg>").hasSizeGreaterThan(5000);
        // The same run draws the same chart.
        assertThat(quantize("--average-bits", "6", "--frontier", frontier).exitCode())
                .isZero();
        assertThat(Files.readString(picture)).isEqualTo(svg);
    }

    @Test
    void theFileIsNoLargerThanAsked() throws IOException {
        assertThat(quantize("--max-size", "140kB", "--mixed-weights-only", "--candidates", "3,4,8")
                        .exitCode())
                .isZero();
        assertThat(Files.size(folder.resolve("q.onnx"))).isLessThanOrEqualTo(140_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--average-bits 6 --max-size 5MB | give one of them",
                "--max-size five | a size is written like 5MB",
                "--max-size 1kB | too small for this model",
                "--min-agreement 98 | share between 0 and 1",
                "--average-bits 12 | between 2 and 10",
                "--average-bits 6 --candidates 4,12 | 2 to 10 bits",
                "--mixed-precision magic | nuclear, nuclear-feature, feature, divergence, random or none",
                "--mixed-precision none --average-bits 6 | belong to mixed precision",
                "--mixed-weights-only | belong to mixed precision",
            })
    void refusesWhatCannotBe(String options, String why) {
        CommandLineRun run = quantize((Object[]) options.split(" "));

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains(why);
        assertThat(folder.resolve("q.onnx")).doesNotExist();
    }
}
