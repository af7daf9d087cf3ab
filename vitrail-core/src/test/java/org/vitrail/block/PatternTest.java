package org.vitrail.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.graph.Attribute;

/** Tests the forms of activations and norms that exporters write, and near misses. */
class PatternTest {
    private interface Spelling extends BiFunction<SyntheticTransformer, String, String> {}

    private static Arguments row(Activation.Kind kind, Spelling spelling) {
        return Arguments.of(kind, spelling);
    }

    static Stream<Arguments> activations() {
        Map<String, Attribute> tanh = Map.of("approximate", Attribute.of("tanh"));
        return Stream.of(
                row(Activation.Kind.RELU, (s, x) -> s.op("Relu", x)),
                row(Activation.Kind.GELU, (s, x) -> s.op("Gelu", x)),
                row(Activation.Kind.GELU, (s, x) -> s.op("Mul", s.op("Mul", x, cdf(s, x)), s.scalar(0.5))),
                row(Activation.Kind.GELU, (s, x) -> s.op("Mul", s.op("Mul", s.scalar(0.5), x), cdf(s, x))),
                row(Activation.Kind.GELU, (s, x) -> s.op("Mul", x, s.op("Mul", cdf(s, x), s.scalar(0.5)))),
                row(Activation.Kind.GELU, (s, x) -> s.op("Div", s.op("Mul", cdf(s, x), x), s.scalar(2))),
                row(Activation.Kind.GELU_TANH, (s, x) -> s.op("Gelu", tanh, x)),
                row(Activation.Kind.GELU_TANH, (s, x) -> tanhGelu(s, x, s.op("Pow", x, s.scalar(3)))),
                row(Activation.Kind.GELU_TANH, (s, x) -> tanhGelu(s, x, s.op("Mul", s.op("Mul", x, x), x))),
                row(
                        Activation.Kind.QUICK_GELU,
                        (s, x) -> s.op("Mul", x, s.op("Sigmoid", s.op("Mul", x, s.scalar(1.702))))),
                row(Activation.Kind.SILU, (s, x) -> s.op("Mul", s.op("Sigmoid", x), x)),
                row(Activation.Kind.HARD_SWISH, (s, x) -> s.op("Mul", x, s.op("HardSigmoid", x))));
    }

    private static String cdf(SyntheticTransformer s, String x) {
        return s.op("Add", s.scalar(1), s.op("Erf", s.op("Div", x, s.scalar(Math.sqrt(2)))));
    }

    private static String tanhGelu(SyntheticTransformer s, String x, String cube) {
        String inner = s.op("Add", x, s.op("Mul", s.scalar(0.044715), cube));
        String bent = s.op("Tanh", s.op("Mul", inner, s.scalar(Math.sqrt(2 / Math.PI))));
        return s.op("Mul", s.op("Mul", s.scalar(0.5), x), s.op("Add", bent, s.scalar(1)));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void findsAnActivationHoweverItIsSpelled(
            Activation.Kind kind, BiFunction<SyntheticTransformer, String, String> spelling) {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.linear("pixels", 32, 32);
        String y = spelling.apply(sketch, x);

        assertThat(Activation.find(new DataFlow(sketch.graph(sketch.op("Add", y, x)))))
                .containsExactly(new Activation(kind, x, y));
    }

    @Test
    void takesNoOtherExpressionForAnActivation() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.linear("pixels", 32, 32);
        String other = sketch.linear("pixels", 32, 32);
        String gated = sketch.op("Mul", other, sketch.op("Sigmoid", x));
        String scaled = sketch.op("Mul", x, sketch.op("Sigmoid", sketch.op("Mul", x, sketch.scalar(1.5))));
        String halved = sketch.op("Mul", x, cdf(sketch, x));

        assertThat(Activation.find(
                        new DataFlow(sketch.graph(sketch.op("Add", sketch.op("Add", gated, scaled), halved)))))
                .isEmpty();
    }

    @Test
    void findsALayerNormThatIsSpelledOut() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.linear("pixels", 32, 32);
        String centred = sketch.op("Sub", x, sketch.op("ReduceMean", x, sketch.ints(-1)));
        String variance = sketch.op("ReduceMean", sketch.op("Pow", centred, sketch.scalar(2)), sketch.ints(-1));
        String deviation = sketch.op("Sqrt", sketch.op("Add", variance, sketch.scalar(1e-6)));
        String scale = sketch.random(1, 32);
        String bias = sketch.random(1, 32);
        String normed = sketch.op("Add", bias, sketch.op("Mul", scale, sketch.op("Div", centred, deviation)));

        assertThat(Norm.find(new DataFlow(sketch.graph(sketch.op("Relu", normed)))))
                .singleElement()
                .satisfies(norm -> {
                    assertThat(norm.kind()).isEqualTo(Norm.Kind.LAYER_NORM);
                    assertThat(norm.input()).isEqualTo(x);
                    assertThat(norm.output()).isEqualTo(normed);
                    assertThat(norm.scale()).contains(scale);
                    assertThat(norm.bias()).contains(bias);
                });
    }

    @Test
    void findsAnRmsNormThatIsSpelledOut() {
        SyntheticTransformer sketch = new SyntheticTransformer();
        String x = sketch.linear("pixels", 32, 32);
        String square = sketch.op("ReduceMean", sketch.op("Mul", x, x), sketch.ints(-1));
        String deviation = sketch.op("Sqrt", sketch.op("Add", square, sketch.scalar(1e-6)));
        String normed = sketch.op("Mul", sketch.op("Mul", x, sketch.op("Reciprocal", deviation)), sketch.random(1, 32));

        assertThat(Norm.find(new DataFlow(sketch.graph(sketch.op("Relu", normed)))))
                .singleElement()
                .satisfies(norm -> {
                    assertThat(norm.kind()).isEqualTo(Norm.Kind.RMS_NORM);
                    assertThat(norm.output()).isEqualTo(normed);
                    assertThat(norm.bias()).isEmpty();
                });
    }
}
