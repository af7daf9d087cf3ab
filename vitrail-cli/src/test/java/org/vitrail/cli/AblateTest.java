package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.quantize.Version;
import org.vitrail.testing.Shared;

/** Tests the paper's tables, for a small model. */
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

    private CommandLineRun ablate(String methods, String bits, Object... more) {
        return ablateOnSome(4, methods, bits, more);
    }

    private CommandLineRun ablateOnSome(int count, String methods, String bits, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "ablate",
                Shared.path("models/onnx/small/timm-vit/torchscript.onnx"),
                "--calibration",
                Shared.path("images/photos"),
                "--evaluation",
                Shared.path("images/photos"),
                "--preprocessing",
                "unit",
                "--count",
                count,
                "--methods",
                methods,
                "--bits",
                bits,
                "-o",
                output));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray());
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
                .isEqualTo("bits,method,seed,top1,agreement,meanKlNats,bytes,compressedBytes,nominalBytes");
        assertThat(Files.readAllLines(output.resolve("components.csv"))).hasSize(1 + 4);
        assertThat(output.resolve("cells")).isDirectoryContaining("glob:**/paper-W8A8-seed0.json");
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

        assertThat(Files.readString(output.resolve("cells/paper-W6A6-seed0.json")))
                .contains("\"bytes\" : " + Files.size(folder.resolve("q.onnx")) + ",")
                .contains("\"compressedBytes\" : " + Files.size(folder.resolve("q.onnx.zst")) + ",");
    }

    @Test
    void goesOnWhereItStoppedAndGivesTheSameTablesAgain() throws IOException {
        assertThat(ablate("minmax,paper", "W8A8,W6A6").exitCode()).isZero();
        List<String> first = tables();
        Path missing = output.resolve("cells/paper-W6A6-seed0.json");
        Path kept = output.resolve("cells/minmax-W8A8-seed0.json");
        String measured = Files.readString(missing);
        Files.delete(missing);
        Files.writeString(output.resolve("cells/minmax-W6A6-seed0.json"), "{ broken");
        var time = Files.getLastModifiedTime(kept);

        assertThat(ablate("minmax,paper", "W8A8,W6A6").exitCode()).isZero();

        assertThat(missing).hasContent(measured);
        assertThat(Files.getLastModifiedTime(kept)).isEqualTo(time);
        assertThat(tables()).isEqualTo(first);
    }

    @Test
    void measuresAgainWhatWasMeasuredOnOtherPictures() throws IOException {
        assertThat(ablate("minmax", "W8A8").exitCode()).isZero();
        Path cell = output.resolve("cells/minmax-W8A8-seed0.json");
        String measured = Files.readString(cell);
        Files.writeString(cell, measured.replaceFirst("\"key\" : \"\\w+\"", "\"key\" : \"another\""));

        assertThat(ablate("minmax", "W8A8").exitCode()).isZero();

        assertThat(cell).hasContent(measured);
    }

    @Test
    void measuresMoreDrawsBesidesThoseThatAreThere() throws IOException {
        assertThat(ablate("paper,minmax", "W6A6").exitCode()).isZero();
        List<Path> kept =
                List.of(output.resolve("cells/paper-W6A6-seed0.json"), output.resolve("cells/minmax-W6A6-seed0.json"));
        FileTime longAgo = FileTime.fromMillis(0);
        for (Path cell : kept) {
            Files.setLastModifiedTime(cell, longAgo);
        }

        CommandLineRun run = ablate("paper,minmax", "W6A6", "--draws", 3);

        assertThat(run.exitCode()).as(run.err()).isZero();
        for (Path cell : kept) {
            assertThat(Files.getLastModifiedTime(cell)).isEqualTo(longAgo);
        }
        assertThat(run.out())
                .contains("4 of the 11 in " + Shared.path("images/photos") + ", seeds 0 to 2")
                .contains("6, kept in " + output.resolve("cells"))
                .contains("KL against first row", " ± ", " of 3)")
                .contains("Means over 3 choices of 4 calibration pictures (seeds 0 to 2)");
        List<String> csv = Files.readAllLines(output.resolve("methods.csv"));
        assertThat(csv.stream().map(line -> line.replaceAll("^((?:[^,]*,){2}[^,]*).*", "$1")))
                .containsExactly(
                        "bits,method,seed",
                        "W6A6,paper,0",
                        "W6A6,paper,1",
                        "W6A6,paper,2",
                        "W6A6,minmax,0",
                        "W6A6,minmax,1",
                        "W6A6,minmax,2");
        assertThat(csv.stream().map(line -> line.replaceFirst(",\\d,", ",")).distinct())
                .hasSize(7);

        List<String> first = tables();
        Path missing = output.resolve("cells/minmax-W6A6-seed1.json");
        String measured = Files.readString(missing);
        Files.delete(missing);
        assertThat(ablate("paper,minmax", "W6A6", "--draws", 3).exitCode()).isZero();
        assertThat(missing).hasContent(measured);
        assertThat(tables()).isEqualTo(first);
    }

    @Test
    void measuresADrawAsARunWithItsSeedDoes() throws IOException {
        assertThat(ablate("minmax", "W6A6", "--draws", 2).exitCode()).isZero();
        Path second = output.resolve("cells/minmax-W6A6-seed1.json");
        String measured = Files.readString(second);
        Files.delete(second);

        assertThat(ablate("minmax", "W6A6", "--seed", 1).exitCode()).isZero();

        assertThat(second).hasContent(measured);
    }

    @Test
    void refusesLessThanOneDraw() {
        CommandLineRun run = ablate("minmax", "W8A8", "--draws", 0);

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
        assertThat(run.err()).contains("--draws takes a number from 1 on, got 0");
        assertThat(output).doesNotExist();
    }

    @Test
    void refusesDrawsThatWouldAllHaveTheSamePictures() {
        CommandLineRun run = ablateOnSome(11, "minmax", "W8A8", "--draws", 2);

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
        assertThat(run.err()).contains("2 draws of 11 pictures need more than 11 to choose from");
        assertThat(output).doesNotExist();
    }

    @Test
    void namesTheMethodsWhereOneIsUnknown() {
        CommandLineRun run = ablate("minmax,magic", "W8A8");

        assertThat(run.exitCode()).isEqualTo(ExitCode.UNUSABLE_INPUT);
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
