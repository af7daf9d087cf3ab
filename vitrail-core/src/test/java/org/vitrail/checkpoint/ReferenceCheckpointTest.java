package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.engine.Engine;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.TestEngines;

/**
 * Compares imported checkpoints with the outputs of PyTorch; {@code reference_checkpoints.py} beside the folder of the
 * checkpoints made both.
 */
class ReferenceCheckpointTest {
    private static Path references() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(ReferenceCheckpointTest.class.getResource("references"))
                .toURI());
    }

    static List<String> checkpoints() throws IOException, URISyntaxException {
        try (Stream<Path> folders = Files.list(references())) {
            return folders.map(folder -> folder.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("checkpoints")
    void givesTheOutputsOfPyTorch(String name) throws IOException, URISyntaxException {
        Path folder = references().resolve(name);
        List<String> expected = Files.readAllLines(folder.resolve("expected.txt"));
        ImportedModel imported = CheckpointImport.read(folder, ImportOptions.defaults());
        assertThat(imported.graph().outputNames()).containsExactly(expected.getFirst());
        float[] output = run(imported, expected.getFirst());
        assertThat(output).hasSize(expected.size() - 1);
        for (int i = 0; i < output.length; i++) {
            assertThat(output[i]).isCloseTo(Float.parseFloat(expected.get(i + 1)), offset(1e-4f));
        }
    }

    /** Runs the model on a picture whose value number i is sin(0.37 i + 0.0001 i²). */
    private static float[] run(ImportedModel imported, String output) {
        int side = imported.model().imageSize();
        float[] pixels = new float[3 * side * side];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) Math.sin(0.37 * i + 0.0001 * i * i);
        }
        try (Engine engine = TestEngines.open(imported.graph())) {
            return engine.run(Map.of("pixel_values", Tensor.of(new int[] {1, 3, side, side}, pixels)))
                    .get(output)
                    .values();
        }
    }
}
