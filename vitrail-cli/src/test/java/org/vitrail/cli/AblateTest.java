package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.Version;
import org.vitrail.testing.Shared;

/** The paper's tables, for a small model. */
@Tag("shared")
class AblateTest {
    private static final List<String> TABLES = List.of("ablation.md", "ablation.json", "methods.csv", "components.csv");

    @TempDir
    Path folder;

    private Path output;

    @BeforeEach
    void name() {
        output = folder.resolve("tables");
    }

    private CommandLineRun ablate(String methods, String bits) {
        return CommandLineRun.of(
                "ablate",
                Shared.path("models/onnx/small/timm-vit/torchscript.onnx"),
                "--calibration",
                Shared.path("images/photos"),
                "--evaluation",
                Shared.path("images/photos"),
                "--preprocessing",
                "unit",
                "--count",
                4,
                "--methods",
                methods,
                "--bits",
                bits,
                "-o",
                output);
    }

    @Test
    void printsAndSavesBothTables() throws IOException {
        CommandLineRun run = ablate("minmax,similarity,paper", "W8A8,W6A6");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains(
                        "minmax",
                        "paper",
                        "similarity",
                        "bias correction",
                        "compressed",
                        "nominal",
                        Version.build() + "; cells of other builds are measured anew");
        assertThat(Files.readString(output.resolve("ablation.md")))
                .contains(
                        "## Methods",
                        "| W6A6 | minmax |",
                        "## Components",
                        "| W6A6 | ✓ |",
                        "By " + Version.describe() + ": `vitrail ablate /",
                        "On Java");
        assertThat(Files.readAllLines(output.resolve("methods.csv")))
                .hasSize(1 + 4)
                .first()
                .isEqualTo("bits,method,top1,agreement,meanKlNats,bytes,compressedBytes,nominalBytes");
        assertThat(Files.readAllLines(output.resolve("components.csv"))).hasSize(1 + 4);
        assertThat(output.resolve("cells")).isDirectoryContaining("glob:**/paper-W8A8.json");
    }

    @Test
    void saysWhatTheFilesOfTheSameQuantizationTake() throws IOException {
        assertThat(ablate("paper", "W6A6").exitCode()).isZero();
        for (String name : List.of("q.onnx", "q.onnx.zst")) {
            CommandLineRun run = CommandLineRun.of(
                    "quantize",
                    Shared.path("models/onnx/small/timm-vit/torchscript.onnx"),
                    "--images",
                    Shared.path("images/photos"),
                    "--preprocessing",
                    "unit",
                    "--count",
                    4,
                    "--preset",
                    "paper",
                    "--bits",
                    "W6A6",
                    "--attention",
                    "quantized",
                    "-o",
                    folder.resolve(name));
            assertThat(run.exitCode()).as(run.err()).isZero();
        }

        assertThat(Files.readString(output.resolve("cells/paper-W6A6.json")))
                .contains("\"bytes\" : " + Files.size(folder.resolve("q.onnx")) + ",")
                .contains("\"compressedBytes\" : " + Files.size(folder.resolve("q.onnx.zst")) + ",");
    }

    @Test
    void goesOnWhereItStoppedAndGivesTheSameTablesAgain() throws IOException {
        assertThat(ablate("minmax,paper", "W8A8,W6A6").exitCode()).isZero();
        List<String> first = tables();
        Path missing = output.resolve("cells/paper-W6A6.json");
        Path kept = output.resolve("cells/minmax-W8A8.json");
        String measured = Files.readString(missing);
        Files.delete(missing);
        Files.writeString(output.resolve("cells/minmax-W6A6.json"), "{ broken");
        var time = Files.getLastModifiedTime(kept);

        assertThat(ablate("minmax,paper", "W8A8,W6A6").exitCode()).isZero();

        assertThat(missing).hasContent(measured);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);
        assertThat(tables()).isEqualTo(first);
    }

    @Test
    void measuresAgainWhatWasMeasuredOnOtherPictures() throws IOException {
        assertThat(ablate("minmax", "W8A8").exitCode()).isZero();
        Path cell = output.resolve("cells/minmax-W8A8.json");
        String measured = Files.readString(cell);
        Files.writeString(cell, measured.replaceFirst("\"key\" : \"\\w+\"", "\"key\" : \"another\""));

        assertThat(ablate("minmax", "W8A8").exitCode()).isZero();

        assertThat(cell).hasContent(measured);
    }

    @Test
    void namesTheMethodsWhereOneIsUnknown() {
        CommandLineRun run = ablate("minmax,magic", "W8A8");

        assertThat(run.exitCode()).isEqualTo(Main.UNUSABLE_INPUT);
        assertThat(run.err()).contains("no method has the name magic; there are minmax, percentile");
        assertThat(output).doesNotExist();
    }

    private List<String> tables() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String name : TABLES) {
            texts.add(Files.readString(output.resolve(name)));
        }
        return texts;
    }
}
