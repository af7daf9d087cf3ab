package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.canonical.HalfPrecisionModels;
import org.vitrail.checkpoint.VisionTransformerConfig.Style;
import org.vitrail.engine.Engine;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;

@Tag("shared")
class CheckpointImportTest {
    @ParameterizedTest
    @ValueSource(strings = {"deit-tiny-in1k/deit_tiny_patch16_224", "vit-tiny-in1k/vit_tiny_patch16_224"})
    void givesTheReferenceLogitsOfTimmCheckpoints(String model) {
        Path file = Shared.path("models/" + model + ".safetensors");
        ImportedModel imported = CheckpointImport.read(file, ImportOptions.defaults());
        assertThat(plain(imported).heads()).isEqualTo(3);
        assertThat(imported.model().parameterCount()).isEqualTo(5_717_416);
        float[] logits =
                run(imported.graph(), Shared.floats(file.resolveSibling("ref_input_4x3x224x224.f32")), 4, 3, 224, 224);
        assertClose(logits, Shared.floats(file.resolveSibling("ref_logits_4x1000.f32")), 1e-3f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf-vit", "hf-deit-distilled"})
    void givesTheOutputsOfHuggingFaceCheckpoints(String model) {
        Path folder = Shared.path("models/small-checkpoints/" + model);
        ImportedModel imported = CheckpointImport.read(folder, ImportOptions.defaults());
        assertThat(plain(imported).style().epsilon()).isEqualTo(1e-12);
        assertThat(imported.classNames()).hasSize(10).startsWith("LABEL_0", "LABEL_1");
        assertThat(imported.preprocessorConfig())
                .hasValueSatisfying(text -> assertThat(text).contains("image_mean"));
        float[] logits = run(imported.graph(), Shared.floats(folder.resolve("input.f32")), 2, 3, 64, 64);
        assertClose(logits, Shared.floats(folder.resolve("output.f32")), 1e-4f);
    }

    /** PyTorch's outputs for the weights of its exports, restored to their own names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "timm-vit",
                "timm-vit-gap",
                "timm-vit-qknorm",
                "timm-deit3",
                "timm-deit-distilled",
                "torchvision-vit"
            })
    void givesThePyTorchOutputsOfEveryVariant(String model, @TempDir Path folder) {
        Path exported = Shared.path("models/onnx/small/" + model);
        Map<String, Weight> weights = ExportedWeights.of(OnnxFile.read(exported.resolve("torchscript.onnx")));
        Path file = SafetensorsBytes.write(folder.resolve("model.safetensors"), weights);
        ImportedModel imported =
                CheckpointImport.read(file, ImportOptions.defaults().withHeads(3));
        float[] logits = run(imported.graph(), Shared.floats(exported.resolve("input.f32")), 2, 3, 64, 64);
        assertClose(logits, Shared.floats(exported.resolve("output.f32")), 1e-4f);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, 0.01", "BFLOAT16, 0.05"})
    void readsCheckpointsInHalfPrecision(DataType type, float tolerance, @TempDir Path folder) {
        Path exported = Shared.path("models/onnx/small/timm-vit");
        Map<String, Weight> weights =
                new LinkedHashMap<>(ExportedWeights.of(OnnxFile.read(exported.resolve("torchscript.onnx"))));
        weights.replaceAll((name, weight) -> HalfPrecisionModels.of(weight, type));
        Path file = SafetensorsBytes.write(folder.resolve("model.safetensors"), weights);
        ImportedModel imported =
                CheckpointImport.read(file, ImportOptions.defaults().withHeads(3));
        assertThat(imported.graph().weights().values()).noneMatch(weight -> weight.type() == type);
        float[] logits = run(imported.graph(), Shared.floats(exported.resolve("input.f32")), 2, 3, 64, 64);
        assertClose(logits, Shared.floats(exported.resolve("output.f32")), tolerance);
    }

    @Test
    void buildsThePostNormModelOfTorchEncoderLayers() throws IOException {
        Path file = Shared.path("models/cifar10-vit-d128/vit_cifar10.safetensors");
        assertThatThrownBy(() -> CheckpointImport.read(file, ImportOptions.defaults()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("the number of attention heads for its 128 channels is not known");
        ImportedModel imported =
                CheckpointImport.read(file, ImportOptions.defaults().withHeads(8));
        assertThat(imported.model().parameterCount()).isEqualTo(811_146);
        assertThat(plain(imported).style())
                .isEqualTo(new Style(Pooling.CLASS_TOKEN, NormPlacement.AFTER, ActivationFunction.RELU, 1e-5));
        assertThat(rightAmongEveryTwentiethCifarImage(imported.graph())).isBetween(345, 375);
    }

    /** The model's source states 7172 of all 10,000 JPEG test images. */
    private static int rightAmongEveryTwentiethCifarImage(Graph graph) throws IOException {
        int right = 0;
        try (ZipFile zip = new ZipFile(Shared.path("images/cifar10/cifar10-test-10000-jpeg.zip")
                        .toFile());
                Engine engine = TestEngines.open(graph)) {
            List<? extends ZipEntry> images = zip.stream()
                    .filter(entry -> entry.getName().endsWith(".jpg"))
                    .sorted(Comparator.comparing(ZipEntry::getName))
                    .toList();
            assertThat(images).hasSize(10_000);
            for (int i = 0; i < images.size(); i += 20) {
                Tensor pixels = Tensor.of(new int[] {1, 3, 32, 32}, cifarPixels(zip, images.get(i)));
                float[] logits =
                        engine.run(Map.of("pixel_values", pixels)).get("logits").values();
                right += argmax(logits) == i / 1000 ? 1 : 0;
            }
        }
        return right;
    }

    private static float[] cifarPixels(ZipFile zip, ZipEntry entry) throws IOException {
        float[] mean = {.4914f, .4822f, .4465f};
        float[] deviation = {.2023f, .1994f, .2010f};
        BufferedImage image = ImageIO.read(zip.getInputStream(entry));
        float[] pixels = new float[3 * 32 * 32];
        for (int i = 0; i < pixels.length; i++) {
            int channel = i / 1024;
            int level = image.getRGB(i % 32, i / 32 % 32) >> (16 - 8 * channel) & 0xFF;
            pixels[i] = (level / 255f - mean[channel]) / deviation[channel];
        }
        return pixels;
    }

    private static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static float[] run(Graph graph, float[] pixels, int... shape) {
        try (Engine engine = TestEngines.open(graph)) {
            return engine.run(Map.of("pixel_values", Tensor.of(shape, pixels)))
                    .get("logits")
                    .values();
        }
    }

    private static void assertClose(float[] actual, float[] expected, float tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        float largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).isLessThan(tolerance);
    }

    private static VisionTransformerConfig plain(ImportedModel imported) {
        return (VisionTransformerConfig) imported.model();
    }
}
