package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.Model;
import org.vitrail.RunningModel;
import org.vitrail.canonical.HalfPrecisionModels;
import org.vitrail.engine.EngineOptions;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.ort.OrtFusion;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.work.Progress;

/** Whole runs on files of the forms that people have: half precision, fused by a runtime, of old opsets. */
@Tag("shared")
class FormatsTest {
    private static final ImageSource IMAGES = new SyntheticImages(8, 72, 4);

    private static Path small(String name) {
        return Shared.path("models/onnx/small/" + name + ".onnx");
    }

    private static QuantizedModel quantize(Path file) {
        return Vitrail.quantize(Model.open(file), IMAGES, 5, QuantizationConfig.defaults(), Progress.none());
    }

    @ParameterizedTest
    @CsvSource({
        "timm-vit/torchscript, FLOAT16, true",
        "timm-vit/torchscript, BFLOAT16, true",
        "hf-vit/dynamo, FLOAT16, false",
        "hf-vit/dynamo, BFLOAT16, false",
        "timm-swin/dynamo, FLOAT16, true"
    })
    void aModelInHalfPrecisionIsQuantizedAsItsFloatTwin(
            String name, DataType type, boolean halfEdges, @TempDir Path folder) {
        Graph original = OnnxFile.read(small(name));
        Path file = folder.resolve("half.onnx");
        Graph half =
                halfEdges ? HalfPrecisionModels.of(original, type) : HalfPrecisionModels.withFloatEdges(original, type);
        OnnxFile.write(half, file);
        QuantizedModel quantized = quantize(file);

        assertWellQuantized(quantized, small(name));
        assertThat(types(quantized.model().graph().inputs())).isEqualTo(types(half.inputs()));
        assertThat(types(quantized.model().graph().outputs())).isEqualTo(types(half.outputs()));
        // The half model itself runs too, in ONNX Runtime or in float32 where that cannot.
        assertClose(Model.open(file), Model.open(small(name)), type == DataType.BFLOAT16 ? 0.05 : 0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {"timm-vit/torchscript", "hf-vit/dynamo", "hf-clip-vision/torchscript"})
    void aModelThatTheRuntimeFusedIsQuantizedAsTheOriginal(String name, @TempDir Path folder) {
        OnnxFile.write(OrtFusion.fused(small(name), OptLevel.EXTENDED_OPT, folder), folder.resolve("m.onnx"));
        assertWellQuantized(quantize(folder.resolve("m.onnx")), small(name));
    }

    @Test
    void aModelOfOpset12IsQuantized() {
        Path file = Shared.path("models/cct-onnx/CCT_1_32_32_32/network.onnx");
        QuantizedModel quantized = quantize(file);
        assertThat(quantized.details().floatLayers()).hasSizeLessThanOrEqualTo(1); // the convolution before pooling
        assertVerified(quantized, file);
    }

    @Test
    void aQuantizedModelIsRefusedButRuns(@TempDir Path folder) {
        Path file = folder.resolve("q.onnx");
        quantize(small("timm-vit/torchscript")).write(file);
        assertThatThrownBy(() -> quantize(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("is quantized already")
                .hasMessageContaining("give the float model");
        assertClose(Model.open(file), Model.open(small("timm-vit/torchscript")), 0.05);
    }

    private static void assertWellQuantized(QuantizedModel quantized, Path original) {
        assertThat(quantized.details().floatLayers()).isEmpty();
        assertVerified(quantized, original);
    }

    private static void assertVerified(QuantizedModel quantized, Path original) {
        assertThat(quantized.details().recognition().unrecognised()).isEmpty();
        assertThat(quantized.details().verification().proof().holds()).isTrue();
        assertThat(quantized.details().verification().deployment().largestDifference())
                .isZero();
        assertClose(quantized.model(), Model.open(original), 0.05);
    }

    /** ‖logits − expected‖ / ‖expected‖ over the images. */
    private static void assertClose(Model model, Model expected, double largest) {
        double error = 0;
        double size = 0;
        try (RunningModel one = model.start(EngineOptions.defaults());
                RunningModel other = expected.start(EngineOptions.defaults())) {
            for (int i = 0; i < IMAGES.size(); i++) {
                float[] actual = one.logits(IMAGES.image(i));
                float[] wanted = other.logits(IMAGES.image(i));
                for (int j = 0; j < wanted.length; j++) {
                    error += Math.pow(actual[j] - wanted[j], 2);
                    size += Math.pow(wanted[j], 2);
                }
            }
        }
        assertThat(Math.sqrt(error / size)).isLessThan(largest);
    }

    private static List<Optional<DataType>> types(List<ValueInfo> values) {
        return values.stream().map(ValueInfo::type).toList();
    }
}
