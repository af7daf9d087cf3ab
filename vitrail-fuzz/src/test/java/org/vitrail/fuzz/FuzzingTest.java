package org.vitrail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fuzzes every reader for a minute at most, from a fixed seed, each in a process of its own. */
class FuzzingTest {
    private static final Pattern RUNS = Pattern.compile("stat::number_of_executed_units: *(\\d+)");

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void noInputBreaksABound(UntrustedReader reader) throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command(reader))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        String output = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(exit)
                .as(output.substring(Math.max(0, output.length() - 8000)))
                .isZero();
        var runs = RUNS.matcher(output);
        assertThat(runs.find()).as(output).isTrue();
        assertThat(Long.parseLong(runs.group(1))).isPositive();
    }

    private List<String> command(UntrustedReader reader) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx900m", "-Djava.awt.headless=true", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("-Dfuzz.reader=" + reader.label());
        command.add("-Djava.io.tmpdir=" + folder);
        command.addAll(List.of(
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + FuzzTarget.class.getName(),
                "--instrumentation_includes=org.vitrail.**",
                "--reproducer_path=" + folder,
                "-seed=20260101",
                "-print_final_stats=1",
                "-rss_limit_mb=3000",
                "-timeout=20",
                "-max_len=16384",
                "-runs=" + System.getProperty("fuzz.runs"),
                "-max_total_time=" + System.getProperty("fuzz.seconds"),
                Files.createDirectory(folder.resolve("new")).toString(),
                CorpusTest.CORPUS.resolve(reader.label()).toAbsolutePath().toString()));
        return command;
    }
}
