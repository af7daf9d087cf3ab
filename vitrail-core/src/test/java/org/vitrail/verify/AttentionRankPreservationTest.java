package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.engine.ExampleSource;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.TestEngines;

class AttentionRankPreservationTest {
    /** Scores that the reference leaves unchanged, and the other graph negates: the order is reversed. */
    private static Graph graph(String op, boolean transposed) {
        return Graphs.of(
                17,
                Node.of(op, List.of("x"), "t"),
                Node.of(
                        "Transpose",
                        List.of("t"),
                        List.of("s"),
                        Map.of("perm", transposed ? Attribute.ints(0L, 2L, 1L) : Attribute.ints(0L, 1L, 2L))),
                Node.of("Softmax", List.of("s"), List.of("y"), Map.of("axis", Attribute.of(transposed ? -2 : -1))));
    }

    private static ExampleSource inputs(Tensor x) {
        return new ExampleSource() {
            @Override
            public int size() {
                return 2;
            }

            @Override
            public Map<String, Tensor> get(int index) {
                return Map.of("x", x);
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tellsWhatIsKeptHeadByHead(boolean transposed) {
        float mask = Float.NEGATIVE_INFINITY;
        Tensor x = Tensor.of(new int[] {2, 1, 8}, new float[] {
            1, 2, 3, 4, 5, 6, 7, mask, // a head whose scores are positive
            -1, -2, -3, -4, -5, -6, -7, mask // and one whose scores are negative
        });
        List<AttentionRankPreservation.Scores> scores =
                List.of(new AttentionRankPreservation.Scores("block 0", "s", transposed));

        AttentionRankPreservation order = AttentionRankPreservation.measure(
                        graph("Identity", transposed),
                        graph("Abs", transposed),
                        scores,
                        inputs(x),
                        TestEngines.context(2))
                .getFirst();

        assertThat(order.attention()).isEqualTo("block 0");
        assertThat(order.heads()).hasSize(2);
        assertThat(order.heads().get(0).pairs()).isEqualTo(1);
        assertThat(order.heads().get(1).pairs()).isZero();
        assertThat(order.pairs()).isCloseTo(0.5, within(1e-12));
        assertThat(order.worstHead()).isZero();
    }
}
