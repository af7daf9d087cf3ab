package org.vitrail.subgraph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;
import org.vitrail.work.Progress;

class SequentialPassTest {
    /** a = 2·x, b = a + x, y = −b. */
    private static final Graph GRAPH = Graphs.of(
            17,
            Map.of("two", Weight.scalar(2)),
            Node.of("Mul", List.of("x", "two"), "a"),
            Node.of("Add", List.of("a", "x"), "b"),
            Node.of("Neg", List.of("b"), "y"));

    private static final ExampleSource EXAMPLES = new ExampleSource() {
        @Override
        public int size() {
            return 3;
        }

        @Override
        public Map<String, Tensor> get(int index) {
            return Map.of("x", Tensor.of(new int[] {1, 1}, new float[] {index + 1}));
        }
    };

    @Test
    void segmentsReadWhatThoseBeforeThemComputedWithItsChanges() {
        SequentialPass pass = new SequentialPass(GRAPH, List.of("a", "y"), EXAMPLES, TestEngines.context(2));
        List<String> seen = new ArrayList<>();
        pass.run(
                (outputs, examples) -> {
                    String value = outputs.contains("a") ? "a" : "y";
                    examples.forEach(
                            example -> seen.add(value + " " + example.get(value).values()[0]));
                    UnaryOperator<Tensor> plus100 = a -> Tensor.of(a.shape(), new float[] {a.values()[0] + 100});
                    return Map.of("a", plus100);
                },
                Progress.none().begin("", pass.steps()));

        assertThat(pass.steps()).isEqualTo(6);
        assertThat(seen).containsExactly("a 2.0", "a 4.0", "a 6.0", "y -103.0", "y -106.0", "y -109.0");
    }

    @Test
    void takesTheFirstExamplesWhereMemoryIsTooSmallForAll() {
        List<String> values = List.of("a", "y");

        assertThat(new SequentialPass(
                                GRAPH, values, EXAMPLES, TestEngines.context(2).withHeldBytes(8))
                        .examples()
                        .size())
                .isEqualTo(2);
        assertThat(new SequentialPass(
                                GRAPH, values, EXAMPLES, TestEngines.context(2).withHeldBytes(1))
                        .examples()
                        .size())
                .isOne();
    }
}
