package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.quantize.DemoModel;

/** Tests {@code vitrail quantize} with --save-plan and --plan. */
class PlanCommandTest {
    @TempDir
    Path folder;

    private Path model;
    private Path plan;
    private Path output;

    @BeforeEach
    void files() {
        model = folder.resolve("demo");
        DemoModel.write(model);
        plan = folder.resolve("plan.json");
        output = folder.resolve("q.onnx");
    }

    private void save(Object... more) {
        Object[] command = {
            "quantize", model, "--images", "synthetic", "--count", 4, "-o", output, "--save-plan", plan, "-q"
        };
        Object[] all = new Object[command.length + more.length];
        System.arraycopy(command, 0, all, 0, command.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        CommandLineRun run = CommandLineRun.of(all);
        assertThat(run.exitCode()).as(run.err()).isLessThan(2);
    }

    private static void assertRefused(CommandLineRun run, String... words) {
        assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
        assertThat(run.err()).contains(words).hasLineCount(1);
    }

    @Test
    void aSavedPlanMakesTheSameFileWithoutPictures() throws IOException {
        Path again = folder.resolve("again.onnx");
        save("--bits", "W6A6", "--preset", "minmax", "--preprocessing", "unit");

        CommandLineRun run = CommandLineRun.of("quantize", model, "--plan", plan, "-o", again);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains(plan.toString(), "proved impossible", again.toString());
        assertThat(Files.mismatch(output, again)).isEqualTo(-1);

        assertThat(CommandLineRun.of("quantize", model, "--plan", plan, "-o", again, "--compress", "-q")
                        .out())
                .isEmpty();
        assertThat(folder.resolve("again.onnx.zst")).isNotEmptyFile();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--bits=W4A4", "--count=3", "--preprocessing=unit", "--preset=mse", "--average-bits=5"})
    void settingsBesideAPlanAreRefused(String option) {
        assertRefused(
                CommandLineRun.of("quantize", model, "--plan", plan, "-o", output, option),
                option.replaceAll("=.*", ""),
                "has no effect with --plan");
        assertThat(output).doesNotExist();
    }

    @Test
    void plansThatCannotBeUsedAreRefusedAndNothingIsWritten() throws IOException {
        assertRefused(
                CommandLineRun.of("quantize", model, "--plan", plan, "-o", output), "there is no file", "plan.json");
        Files.writeString(plan, "{\"version\": 3}");
        assertRefused(CommandLineRun.of("quantize", model, "--plan", plan, "-o", output), "plan.json: version is 3");
        assertRefused(
                CommandLineRun.of("quantize", model, "--plan", plan, "--images", "synthetic", "-o", output), "--plan");
        assertRefused(CommandLineRun.of("quantize", model, "-o", output), "--images", "--plan");
        Path nowhere = folder.resolve("no/plan.json");
        assertRefused(
                CommandLineRun.of("quantize", model, "--images", "synthetic", "-o", output, "--save-plan", nowhere),
                "there is no folder");
        assertThat(output).doesNotExist();
    }
}
