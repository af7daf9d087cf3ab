package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectTest {
    @TempDir
    private Path folder;

    private String model(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = InspectTest.class.getResourceAsStream(name)) {
            Files.copy(in, file);
        }
        return file.toString();
    }

    @Test
    void symbolicSizesAreThoseThatARunHas() throws IOException {
        CommandLineRun run = CommandLineRun.of("inspect", model("symbolic-size.onnx"));

        assertThat(run.out()).contains("43.4 M for one picture of 224×224", "257×64 → 257×128", "107 k");
    }

    @Test
    void aFusedOperatorIsNamedWithItsDomainAndTheModelByItsFile() throws IOException {
        String file = model("optimized-for-hardware.onnx");
        CommandLineRun run = CommandLineRun.of("inspect", file);

        assertThat(run.err())
                .startsWith("vitrail: " + file + " has operators fused")
                .contains("is a com.microsoft.nchwc.Conv");
    }
}
