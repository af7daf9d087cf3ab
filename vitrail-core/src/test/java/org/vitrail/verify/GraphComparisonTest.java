package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.TestEngines;

/**
 * Compares {@code scaled = x · factor; y = scaled + offset} with the same graph with other factors as the quantized
 * model.
 */
class GraphComparisonTest {
    private static final ExampleSource EXAMPLES = new ExampleSource() {
        @Override
        public int size() {
            return 3;
        }

        @Override
        public Map<String, Tensor> get(int index) {
            return Map.of("x", Tensor.of(new int[] {1, 2}, new float[] {index, 1}));
        }
    };

    @Test
    void findsTheLargestDifferenceAndCountsOtherPredictions() {
        // (i, 1.5) against (2i, 2.5): the second is greater for i = 0 and 1, the first for i = 2, in both
        try (Engine simulated = open(1);
                Engine deployed = open(2)) {
            DeploymentCheck check = DeploymentCheck.run(deployed, simulated, EXAMPLES, TestEngines.context(2));

            assertThat(check.examples()).isEqualTo(3);
            assertThat(check.largestDifference()).isEqualTo(2);
            assertThat(check.differingPredictions()).isZero();
            assertThat(DeploymentCheck.run(simulated, simulated, EXAMPLES, TestEngines.context(1)))
                    .isEqualTo(new DeploymentCheck(3, 0, 0));
        }
        try (Engine simulated = open(1);
                Engine deployed = open(-1)) {
            assertThat(DeploymentCheck.run(deployed, simulated, EXAMPLES, TestEngines.context(2))
                            .differingPredictions())
                    .as("(i, 1.5) against (-i, -0.5): other predictions for i = 0 and 2")
                    .isEqualTo(2);
        }
    }

    @Test
    void measuresTheErrorOfEachLayerRelativeToItsOutput() {
        List<RelativeError> errors =
                RelativeError.measure(graph(1), graph(1.5f), List.of("scaled", "y"), EXAMPLES, TestEngines.context(2));

        assertThat(errors.get(0).layer()).isEqualTo("scaled");
        assertThat(errors.get(0).relative()).isCloseTo(0.5, within(1e-9));
        assertThat(errors.get(1).relative()).isCloseTo(Math.sqrt(2 / 11.75), within(1e-9));
        assertThat(RelativeError.worst(errors, 1)).containsExactly(errors.get(0));
        assertThat(RelativeError.measure(graph(1), graph(1), List.of("y"), EXAMPLES, TestEngines.context(2)))
                .containsExactly(new RelativeError("y", 0));
    }

    @Test
    void namesAValueThatAGraphDoesNotHave() {
        assertThatThrownBy(
                        () -> RelativeError.measure(graph(1), graph(1), List.of("z"), EXAMPLES, TestEngines.context(2)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("no value z");
    }

    @Test
    void makesExampleInputsOfTheShapeThatTheGraphStates() {
        Map<String, Tensor> inputs = DummyInputs.of(graph(1), 7);

        assertThat(inputs.get("x").shape()).containsExactly(1, 2);
        assertThat(DummyInputs.of(graph(1), 7).get("x").values())
                .isEqualTo(inputs.get("x").values());
    }

    private static Engine open(float factor) {
        return TestEngines.open(graph(factor));
    }

    private static Graph graph(float factor) {
        return new Graph(
                "example",
                List.of(ValueInfo.of("x", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(2)))),
                List.of(ValueInfo.of("y", DataType.FLOAT, List.of(new Dim.Symbol("batch"), Dim.of(2)))),
                List.of(
                        Node.of("Mul", List.of("x", "factor"), "scaled"),
                        Node.of("Add", List.of("scaled", "offset"), "y")),
                Map.of("factor", Weight.scalar(factor), "offset", Weight.ofFloats(new int[] {2}, 0, 0.5f)),
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);
    }
}
