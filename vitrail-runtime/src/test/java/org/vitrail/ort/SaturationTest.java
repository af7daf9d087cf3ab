package org.vitrail.ort;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Graphs;

/**
 * On CPUs with AVX2 and no VNNI, ONNX Runtime adds the products of rows 2i and 2i+1 of a uint8 by int8 product in 16
 * bits, saturating. With activations up to 255 that is exact when in every such pair the positive weights add up to at
 * most 128 and the negative ones to at least -128 (255 · 128 = 32640 fits, 255 · 129 does not). On other CPUs it is exact
 * anyway, so that this holds on whatever CPU runs it.
 */
class SaturationTest {
    @ParameterizedTest
    @CsvSource({"1, 64, 48", "197, 64, 48", "1, 63, 16", "3, 5, 7", "2, 386, 33", "197, 191, 100"})
    void pairsOfWeightsWithinTheRuleGiveTheExactIntegerResult(int rows, int depth, int columns) {
        Random random = new Random(rows + depth);
        byte[] weights = pairSafe(depth, columns, random);
        float[] activations = new float[rows * depth];
        for (int i = 0; i < activations.length; i++) {
            activations[i] = random.nextInt(4) > 0 ? 255 : 0;
        }
        try (OrtEngine engine = OrtEngine.open(quantized(weights, depth, columns), EngineOptions.defaults())) {
            Tensor x = Tensor.of(new int[] {rows, depth}, activations);
            assertThat(engine.run(Map.of("x", x)).get("y").values())
                    .containsExactly(product(activations, weights, rows, depth, columns));
        }
    }

    /** Weights up to ±127 in which every pair goes to the limit. */
    private static byte[] pairSafe(int depth, int columns, Random random) {
        byte[] weights = new byte[depth * columns];
        for (int row = 0; row < depth; row++) {
            for (int column = 0; column < columns; column++) {
                int other = row % 2 == 1 ? weights[(row - 1) * columns + column] : 0;
                int least = Math.max(-127, -128 - Math.min(other, 0));
                int most = Math.min(127, 128 - Math.max(other, 0));
                int weight = row % 2 == 0 ? random.nextInt(255) - 127 : random.nextBoolean() ? least : most;
                weights[row * columns + column] = (byte) weight;
            }
        }
        return weights;
    }

    /** Activations with scale 1 and zero point 0, weights with scale 1: the float output is the integer sum. */
    private static Graph quantized(byte[] weights, int depth, int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1);
        Map<String, Attribute> perColumn = Map.of("axis", Attribute.of(1));
        return Graphs.of(
                17,
                Map.of(
                        "scale", Weight.scalar(1),
                        "zero", Weight.ofBytes(DataType.UINT8, new int[0], (byte) 0),
                        "w", Weight.ofBytes(DataType.INT8, new int[] {depth, columns}, weights),
                        "scales", Weight.ofFloats(new int[] {columns}, ones)),
                Node.of("QuantizeLinear", List.of("x", "scale", "zero"), "q"),
                Node.of("DequantizeLinear", List.of("q", "scale", "zero"), "d"),
                Node.of("DequantizeLinear", List.of("w", "scales"), List.of("wd"), perColumn),
                Node.of("MatMul", List.of("d", "wd"), "y"));
    }

    private static float[] product(float[] activations, byte[] weights, int rows, int depth, int columns) {
        float[] out = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                int sum = 0;
                for (int k = 0; k < depth; k++) {
                    sum += ((int) activations[row * depth + k]) * weights[k * columns + column];
                }
                out[row * columns + column] = sum;
            }
        }
        return out;
    }
}
