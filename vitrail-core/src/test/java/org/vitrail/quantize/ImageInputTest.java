package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vitrail.Model;
import org.vitrail.RunningModel;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.Attribute;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.ImageFolder;
import org.vitrail.image.Layout;
import org.vitrail.image.Region;
import org.vitrail.image.ResizeMode;
import org.vitrail.image.RgbImage;
import org.vitrail.image.Size;
import org.vitrail.model.ImageInput;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.work.Progress;

@Tag("shared")
class ImageInputTest {
    private static final String PLAIN = "models/onnx/small/hf-vit/torchscript.onnx";
    private static final String DETR = "models/onnx/small/hf-detr/torchscript.onnx";

    @TempDir
    Path folder;

    static Stream<Path> smallModels() throws IOException {
        try (Stream<Path> files = Files.walk(Shared.path("models/onnx/small"))) {
            return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("smallModels")
    void everySmallModelOpensAndRunsOnAPhotograph(Path file) {
        for (Tensor output : outputs(Model.open(file), photo("coffee.png")).values()) {
            assertThat(output.extent(0)).isEqualTo(1);
            for (float value : output.values()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void aFixedBatchIsFedWithCopiesAndAnswersForOne() {
        Graph graph = OnnxFile.read(Shared.path(PLAIN));
        Model one = write(graph);
        Model eight = write(graph.withInputs(List.of(picture("pixel_values", DataType.FLOAT, 8, 3, 64, 64))));

        assertThat(eight.input().batch()).isEqualTo(8);
        Tensor output = outputs(eight, photo("coffee.png")).get("output");
        assertThat(output.shape()).containsExactly(1, 10);
        assertThat(output.values())
                .containsExactly(outputs(one, photo("coffee.png")).get("output").values(), within(1e-5f));
        QuantizedModel quantized = Vitrail.quantize(
                eight,
                ImageFolder.open(Shared.path("images/photos")),
                4,
                QuantizationConfig.defaults(),
                Progress.none());
        assertThat(quantized.details().layers()).hasSize(14);
    }

    @Test
    void bytesInChannelsLastOrderAreFedAsTheyAre() {
        Graph graph = OnnxFile.read(Shared.path(PLAIN));
        List<Node> nodes = new ArrayList<>(List.of(
                toFloat("bytes", "numbers"),
                Node.of("Transpose", List.of("numbers"), "pixel_values")
                        .withAttributes(Map.of("perm", new Attribute.Ints(List.of(0L, 3L, 1L, 2L))))));
        nodes.addAll(graph.nodes());
        Model model = write(graph.withNodes(nodes).withInputs(List.of(picture("bytes", DataType.UINT8, 1, 64, 64, 3))));

        assertThat(model.input().layout()).isEqualTo(Layout.NHWC);
        assertThat(model.preprocessing().describe()).contains("× 1, mean 0.0, std 1.0, RGB NHWC");
        RgbImage image = photo("coffee.png");
        RgbImage seen = model.preprocessing().resizeAndCrop(image);
        float[] fed =
                model.input().feed(model.preprocessing(), image).get("bytes").values();
        assertThat(fed[3 * (64 * 7 + 5) + 1]).isEqualTo(seen.sample(5, 7, 1));
        Model floats = write(graph);
        assertThat(outputs(model, image).get("output").values())
                .containsExactly(
                        outputs(floats.withPreprocessing(floats.preprocessing().withoutNormalisation()), image)
                                .get("output")
                                .values(),
                        within(1e-5f));
    }

    @Test
    void halfPrecisionInputsAreFed() {
        Graph graph = OnnxFile.read(Shared.path(PLAIN));
        List<Node> nodes = new ArrayList<>(List.of(toFloat("half", "pixel_values")));
        nodes.addAll(graph.nodes());
        Model half = write(graph.withNodes(nodes).withInputs(List.of(picture("half", DataType.FLOAT16, 1, 3, 64, 64))));

        assertThat(outputs(half, photo("coffee.png")).get("output").values())
                .containsExactly(
                        outputs(write(graph), photo("coffee.png")).get("output").values(), within(0.01f));
    }

    @Test
    void detrGetsAPaddedPictureAndItsMask() throws IOException {
        Files.writeString(
                folder.resolve("preprocessor_config.json"),
                "{\"image_processor_type\": \"DetrImageProcessor\", \"do_pad\": true,"
                        + " \"size\": {\"shortest_edge\": 48, \"longest_edge\": 80}}");
        Model model = write(masked(OnnxFile.read(Shared.path(DETR))));
        RgbImage image = photo("coffee.png");

        Map<String, Tensor> fed = model.input().feed(model.preprocessing(), image);

        // 600 × 400 becomes 72 × 48, and 64 × 42 since the model takes no more than 64 columns.
        assertThat(model.preprocessing().sizing())
                .isEqualTo(new ResizeMode.Within(48, 80, Optional.of(Size.square(64))));
        assertThat(fed.get("pixel_values").shape()).containsExactly(1, 3, 64, 64);
        assertThat(fed.get("pixel_mask").shape()).containsExactly(1, 64, 64);
        float[] mask = fed.get("pixel_mask").values();
        float[] pixels = fed.get("pixel_values").values();
        for (int y = 0; y < 64; y++) {
            for (int x = 0; x < 64; x++) {
                assertThat(mask[64 * y + x]).isEqualTo(y < 42 ? 1 : 0);
                assertThat(y < 42 || pixels[64 * y + x] == 0).isTrue();
            }
        }
        assertThat(outputs(model, image).get("logits").values()).isNotEqualTo(new float[110]);
        Size size = new Size(image.height(), image.width());
        assertThat(model.input().region(model.preprocessing(), size)).isEqualTo(Region.all(size));
        assertThat(model.preprocessing().region(size).height()).isEqualTo(400.0 * 64 / 42);
    }

    @Test
    void refusesInputsThatAreNeitherPictureNorMask() {
        Graph graph = OnnxFile.read(Shared.path(PLAIN));
        List<ValueInfo> inputs = List.of(
                graph.inputs().getFirst(), ValueInfo.of("input_ids", DataType.INT64, List.of(Dim.of(1), Dim.of(77))));

        assertThatThrownBy(() -> ImageInput.of(graph.withInputs(inputs)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("[pixel_values, input_ids]")
                .hasMessageContaining("export the part of the model that sees the picture");
    }

    /** Padding hidden from the model by a mask that it multiplies with. */
    static Graph masked(Graph graph) {
        List<Node> nodes = new ArrayList<>(List.of(
                toFloat("pixel_mask", "mask_numbers"),
                Node.of("Unsqueeze", List.of("mask_numbers", "mask_axis"), "mask_plane"),
                Node.of("Mul", List.of("pixel_values", "mask_plane"), "masked_pixels")));
        for (Node node : graph.nodes()) {
            nodes.add(node.withInputs(node.inputs().stream()
                    .map(input -> input.equals("pixel_values") ? "masked_pixels" : input)
                    .toList()));
        }
        Map<String, Weight> weights = new LinkedHashMap<>(graph.weights());
        weights.put("mask_axis", Weight.ofLongs(new int[] {1}, 1));
        return graph.withNodes(nodes)
                .withWeights(weights)
                .withInputs(List.of(
                        graph.inputs().getFirst(),
                        ValueInfo.of(
                                "pixel_mask",
                                DataType.INT64,
                                List.of(new Dim.Symbol("batch"), Dim.of(64), Dim.of(64)))));
    }

    private static Node toFloat(String from, String to) {
        return Node.of("Cast", List.of(from), to)
                .withAttributes(Map.of("to", new Attribute.IntValue(DataType.FLOAT.onnx())));
    }

    private Model write(Graph graph) {
        Path file = folder.resolve("model.onnx");
        OnnxFile.write(graph, file);
        return Model.open(file);
    }

    private static ValueInfo picture(String name, DataType type, long... shape) {
        return ValueInfo.of(name, type, Arrays.stream(shape).mapToObj(Dim::of).toList());
    }

    private static Map<String, Tensor> outputs(Model model, RgbImage image) {
        try (RunningModel running = model.start(EngineOptions.defaults())) {
            return running.outputs(image);
        }
    }

    private static RgbImage photo(String name) {
        return ImageDecoder.defaults().decode(Shared.path("images/photos").resolve(name));
    }
}
