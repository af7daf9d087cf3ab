package org.vitrail.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.vitrail.Model;
import org.vitrail.PreprocessingOrigin;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.image.Layout;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.Rgb;
import org.vitrail.image.Size;
import org.vitrail.testing.Graphs;

class InputNormalisationTest {
    private static final Size SIZE = Size.square(32);

    @Test
    void feedsBytesToAModelThatSubtractsAndDividesByteStatistics() {
        Model model =
                model(Optional.empty(), step("Sub", 123.675f, 116.28f, 103.53f), step("Div", 58.4f, 57.1f, 57.4f));

        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.GRAPH);
        assertThat(model.preprocessing())
                .isEqualTo(PreprocessingPreset.IMAGENET.at(SIZE).withoutNormalisation());
    }

    @Test
    void feedsUnitValuesToAModelThatSubtractsAndMultipliesUnitStatistics() {
        Model model = model(
                Optional.empty(),
                step("Add", -0.485f, -0.456f, -0.406f),
                step("Mul", 1 / 0.229f, 1 / 0.224f, 1 / 0.225f));

        assertThat(model.preprocessing())
                .isEqualTo(PreprocessingPreset.IMAGENET
                        .at(SIZE)
                        .withMean(Rgb.grey(0))
                        .withStd(Rgb.grey(1)));
    }

    @Test
    void feedsBytesToAModelThatScalesThemToBothSigns() {
        Model model = model(Optional.empty(), step("Mul", 1 / 127.5f), step("Sub", 1));

        assertThat(model.preprocessing())
                .isEqualTo(PreprocessingPreset.IMAGENET.at(SIZE).withoutNormalisation());
    }

    @Test
    void readsALeadingBatchNormalization() {
        Map<String, Weight> weights = Map.of(
                "scale", Weight.ofFloats(new int[] {3}, 1, 1, 1),
                "bias", Weight.ofFloats(new int[] {3}, 0, 0, 0),
                "mean", Weight.ofFloats(new int[] {3}, 124, 116, 104),
                "var", Weight.ofFloats(new int[] {3}, 3400, 3300, 3300));
        Graph graph = graph(
                weights,
                List.of(Node.of("BatchNormalization", List.of("x", "scale", "bias", "mean", "var"), "n")),
                "n");

        assertThat(InputNormalisation.of(graph, ImageInput.of(graph)))
                .hasValueSatisfying(found -> assertThat(found.wantsBytes()).isTrue());
    }

    @Test
    void doesNotNormaliseASecondTimeByWhatAFileSays() {
        Model doubled = model(Optional.of(PreprocessingPreset.SIGLIP.at(SIZE)), step("Sub", 0.5f), step("Div", 0.5f));
        assertThat(doubled.preprocessing())
                .isEqualTo(PreprocessingPreset.SIGLIP
                        .at(SIZE)
                        .withMean(Rgb.grey(0))
                        .withStd(Rgb.grey(1)));
    }

    @Test
    void leavesAloneWhatAFileSaysWhereTheModelRescalesNormalisedValues() {
        // Inception's input transform: from ImageNet's statistics to mean and standard deviation 0.5.
        Model model = model(
                Optional.of(PreprocessingPreset.IMAGENET.at(SIZE)),
                step("Mul", 0.458f, 0.448f, 0.45f),
                step("Add", -0.03f, -0.088f, -0.188f));
        assertThat(model.preprocessing()).isEqualTo(PreprocessingPreset.IMAGENET.at(SIZE));
        assertThat(model(Optional.empty(), step("Mul", 0.458f, 0.448f, 0.45f)).origin())
                .isEqualTo(PreprocessingOrigin.ASSUMED);
    }

    @Test
    void takesChannelsLastWhereALeadingTransposeMovesThemFirst() {
        Graph graph = new Graph(
                "small",
                List.of(ValueInfo.of(
                        "x",
                        DataType.FLOAT,
                        List.of(
                                new Dim.Symbol("batch"),
                                new Dim.Symbol("a"),
                                new Dim.Symbol("b"),
                                new Dim.Symbol("c")))),
                List.of(ValueInfo.named("y")),
                List.of(Node.of(
                        "Transpose", List.of("x"), List.of("y"), Map.of("perm", Attribute.ints(0L, 3L, 1L, 2L)))),
                Map.of(),
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);

        assertThat(ImageInput.of(graph).layout()).isEqualTo(Layout.NHWC);
    }

    /** An operator with a constant for each channel, or one for all. */
    private record Step(String op, float... constant) {}

    private static Step step(String op, float... constant) {
        return new Step(op, constant);
    }

    /** A model of these steps and a convolution, with what a file beside it says. */
    private static Model model(Optional<Preprocessing> beside, Step... steps) {
        Map<String, Weight> weights = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        String value = "x";
        for (Step step : steps) {
            String next = "v" + nodes.size();
            weights.put(
                    next + ".constant",
                    step.constant.length == 1
                            ? Weight.scalar(step.constant[0])
                            : Weight.ofFloats(new int[] {1, 3, 1, 1}, step.constant));
            nodes.add(Node.of(step.op, List.of(value, next + ".constant"), next));
            value = next;
        }
        Graph graph = graph(weights, nodes, value);
        return Model.of(new ModelFiles(Path.of("model.onnx"), graph, () -> beside, List.of(), Optional.empty()));
    }

    private static Graph graph(Map<String, Weight> weights, List<Node> nodes, String last) {
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        all.put("kernel", Weight.ofFloats(new int[] {4, 3, 1, 1}, new float[12]));
        List<Node> every = new ArrayList<>(nodes);
        every.add(Node.of("Conv", List.of(last, "kernel"), "c"));
        every.add(Node.of("GlobalAveragePool", List.of("c"), "p"));
        every.add(Node.of("Flatten", List.of("p"), "y"));
        ValueInfo input = ValueInfo.of("x", DataType.FLOAT, List.of(Dim.of(1), Dim.of(3), Dim.of(32), Dim.of(32)));
        return Graphs.of(17, input, all, every.toArray(Node[]::new))
                .withOutputs(List.of(ValueInfo.of("y", DataType.FLOAT, List.of(Dim.of(1), Dim.of(4)))));
    }
}
