package org.vitrail.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Graphs;

class ModelCheckTest {
    private static final float INFINITY = Float.POSITIVE_INFINITY;

    @Test
    void namesWeightsThatAreNanOrInfinite() {
        Graph graph = withWeights(Map.of(
                "fit", Weight.ofFloats(new int[] {2}, 1, 2), "nan", Weight.ofFloats(new int[] {2}, 1, Float.NaN)));
        assertThat(ModelCheck.nonFinite(graph)).containsExactly("nan");
        assertThatThrownBy(() -> ModelCheck.requireQuantizable(graph, "vit.onnx"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("vit.onnx has weights that are NaN or infinite (nan)");
    }

    @Test
    void takesInfinitiesAmongZerosForAMask() {
        Graph graph = withWeights(Map.of(
                "mask", Weight.ofFloats(new int[] {2}, 0, -INFINITY),
                "broken", Weight.ofFloats(new int[] {2}, 0.5f, INFINITY)));
        assertThat(ModelCheck.nonFinite(graph)).containsExactly("broken");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"DequantizeLinear", "QLinearMatMul", "MatMulInteger", "MatMulNBits", "DynamicQuantizeLinear"})
    void recognisesAQuantizedModelAndSaysWhatToDo(String op) {
        Graph graph = Graphs.of(17, Node.of(op, List.of("x"), "y"));
        assertThat(ModelCheck.quantized(graph)).isPresent();
        assertThatThrownBy(() -> ModelCheck.requireQuantizable(graph, "vit.onnx"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("vit.onnx is quantized already")
                .hasMessageContaining("give the float model");
    }

    @Test
    void letsAFloatModelPass() {
        Graph graph = withWeights(Map.of("w", Weight.scalar(1)));
        assertThatCode(() -> ModelCheck.requireQuantizable(graph, "vit.onnx")).doesNotThrowAnyException();
    }

    private static Graph withWeights(Map<String, Weight> weights) {
        return Graphs.of(17, weights, Node.of("Relu", List.of("x"), "y"));
    }
}
