package org.vitrail.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.canonical.HalfPrecisionModels;
import org.vitrail.canonical.SinglePrecision;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.testing.Graphs;
import org.vitrail.testing.SameOutputs;

class StoredPrecisionTest {
    private static final int[] SHAPE = {64, 64};

    private final Graph graph = Graphs.of(
            17,
            Map.of("large", Weight.ofFloats(SHAPE, SameOutputs.gaussian(SHAPE).values()), "small", Weight.scalar(2)),
            Node.of("Mul", List.of("x", "small"), "doubled"),
            Node.of("Add", List.of("doubled", "large"), "y"));

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void storesWeightsInThePrecisionOfTheOriginal(DataType half) {
        Graph opened = HalfPrecisionModels.withFloatEdges(graph, half);
        Graph widened = SinglePrecision.of(opened);

        Graph restored = StoredPrecision.restore(widened, opened);

        assertThat(OnnxFile.weightBytes(restored)).isEqualTo(OnnxFile.weightBytes(widened) - 2 * 64 * 64);
        assertThat(restored.weights().values().stream().filter(weight -> weight.type() == half))
                .hasSize(1);
        SameOutputs.check(widened, restored, SameOutputs.gaussian(SHAPE));
    }

    @Test
    void keepsWeightsThatTheOriginalHoldsInFloat32OrThatWereComputed() {
        Graph opened = HalfPrecisionModels.withFloatEdges(graph, DataType.FLOAT16);

        assertThat(StoredPrecision.restore(graph, graph)).isSameAs(graph);
        assertThat(StoredPrecision.restore(graph, opened)).isEqualTo(graph);
    }
}
