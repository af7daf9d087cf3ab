package org.vitrail.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.TestEngines;

/** Tests that real exports are read and written without loss, and compute the same as before. */
@Tag("shared")
class RoundTripTest {
    private static final float TOLERANCE = 1e-4f;

    @TempDir
    Path folder;

    static List<Fixture> fixtures() {
        return Fixture.all();
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    void readsWritesAndReadsTheSameGraphThatGivesTheExpectedOutputs(Fixture fixture) {
        Graph graph = OnnxFile.read(fixture.model());
        Path copy = folder.resolve("copy.onnx");
        OnnxFile.write(graph, copy);
        assertThat(OnnxFile.read(copy)).isEqualTo(graph);
        try (Engine engine = TestEngines.open(graph);
                Engine copied = TestEngines.open(copy, EngineOptions.defaults().withThreads(2))) {
            assertGives(fixture, engine);
            assertGives(fixture, copied);
        }
    }

    private static void assertGives(Fixture fixture, Engine engine) {
        List<Tensor> outputs = new ArrayList<>(
                engine.run(Map.of(engine.inputs().getFirst(), fixture.input())).values());
        for (int i = 0; i < fixture.outputs().size(); i++) {
            Tensor expected = fixture.outputs().get(i);
            assertThat(outputs.get(i).shape()).isEqualTo(expected.shape());
            assertThat(outputs.get(i).values()).containsExactly(expected.values(), within(TOLERANCE));
        }
    }
}
