package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.Model;
import org.vitrail.PreprocessingOrigin;
import org.vitrail.RunningModel;
import org.vitrail.engine.EngineOptions;
import org.vitrail.export.SaturationProof.Kind;
import org.vitrail.image.ImageSource;
import org.vitrail.image.RgbImage;
import org.vitrail.image.SyntheticImages;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Preset;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.plan.LinearPlan;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.verify.ClassificationMetrics;
import org.vitrail.work.Progress;

/** Whole runs on small models with random weights: what is promised of every quantized model. */
@Tag("shared")
class VitrailTest {
    private static final int COUNT = 6;
    private static final ImageSource IMAGES = new SyntheticImages(10, 72, 4);

    private static Model model(String name) {
        return Model.open(Shared.path("models/onnx/small/" + name + ".onnx"));
    }

    private static QuantizationConfig config(int threads) {
        QuantizationConfig config = QuantizationConfig.defaults();
        return config.withCapture(config.capture().withThreads(threads));
    }

    private static QuantizedModel quantize(String name, QuantizationConfig config) {
        return Vitrail.quantize(model(name), IMAGES, COUNT, config, Progress.none());
    }

    @ParameterizedTest
    @CsvSource({
        "timm-vit/torchscript, W8A8, FLOAT",
        "timm-vit/dynamo, W4A8, QUANTIZED",
        "hf-vit/torchscript, W8A8, QUANTIZED",
        "hf-vit/dynamo, W6A10, QUANTIZED",
    })
    void aQuantizedModelIsVerifiedExactAndSmall(String name, String bits, AttentionMode attention, @TempDir Path folder)
            throws IOException {
        QuantizedModel quantized =
                quantize(name, config(2).withBits(Bits.of(bits)).withAttention(attention));

        assertThat(quantized.calibrationImages()).isEqualTo(COUNT);
        assertThat(quantized.brokenImages()).isEmpty();
        assertThat(quantized.details().floatLayers()).isEmpty();
        assertThat(quantized.details().plan().layers())
                .hasSameSizeAs(quantized.details().recognition().layers());
        assertThat(quantized.details().plan().products()).hasSize(attention == AttentionMode.QUANTIZED ? 4 : 0);
        assertThat(quantized.details().verification().deployment().examples()).isEqualTo(4);
        assertThat(quantized.details().verification().deployment().largestDifference())
                .isZero();
        ClassificationMetrics metrics =
                (ClassificationMetrics) quantized.details().verification().metrics();
        assertThat(metrics.klNats() / 4).isLessThan(0.01);
        assertThat(quantized.details().verification().proof().holds()).isTrue();
        assertThat(quantized.details().verification().proof().products())
                .hasSize(quantized.details().plan().layers().size()
                        + quantized.details().plan().products().size());

        Path file = folder.resolve("q.onnx");
        quantized.write(file);
        Path original = Shared.path("models/onnx/small/" + name + ".onnx");
        assertThat((double) Files.size(file) / Files.size(original)).isLessThan(0.6);
        // The file alone is enough to predict with, and predicts as the model in memory does.
        Model reread = Model.open(file);
        assertThat(reread.origin()).isEqualTo(PreprocessingOrigin.MODEL);
        try (RunningModel written = reread.start(EngineOptions.defaults());
                RunningModel inMemory = quantized.model().start(EngineOptions.defaults())) {
            assertThat(written.logits(IMAGES.image(0))).isEqualTo(inMemory.logits(IMAGES.image(0)));
        }
    }

    @ParameterizedTest
    @CsvSource({"timm-vit/torchscript, W8A8", "hf-vit/dynamo, W4A6"})
    void theSameRunGivesTheSameBytesOnAnyNumberOfThreads(String name, String bits, @TempDir Path folder)
            throws IOException {
        byte[] first = null;
        for (int threads : List.of(1, 2, 2, 3)) {
            Path file = folder.resolve("q.onnx");
            quantize(name, config(threads).withBits(Bits.of(bits)).withAttention(AttentionMode.QUANTIZED))
                    .write(file);
            byte[] bytes = Files.readAllBytes(file);
            first = first == null ? bytes : first;
            assertThat(bytes).as(threads + " threads").isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource(Preset.class)
    void everyPresetKeepsTheSafetyOfEightBitProducts(Preset preset) {
        QuantizedModel quantized =
                quantize("timm-vit-gap/torchscript", config(2).withMethod(preset.method()));

        assertThat(quantized.details().verification().proof().holds()).isTrue();
        assertThat(quantized.details().verification().deployment().largestDifference())
                .isZero();
        assertThat(quantized.details().verification().proof().products())
                .allMatch(product -> product.kind() == Kind.UINT8_BY_CONSTANT);
    }

    @Test
    void edgesKeepEightBitsWhereBlocksHaveFewer() {
        QuantizedModel quantized = quantize("timm-vit/torchscript", config(2).withBits(Bits.of("W4A4")));

        assertThat(quantized.details().plan().layers())
                .extracting(layer -> layer.weight().bits().bits())
                .startsWith(8)
                .endsWith(8)
                .contains(4);
        LinearPlan inside = quantized.details().plan().layers().get(1);
        assertThat(inside.input().main().grid().highest()).isEqualTo(15);
    }

    @Test
    void aBrokenImageIsNamedAndLeftOut() {
        QuantizedModel quantized = Vitrail.quantize(
                model("timm-vit/torchscript"), broken(IMAGES, List.of(3)), 100, config(2), Progress.none());

        assertThat(quantized.brokenImages()).singleElement().asString().contains(IMAGES.name(3));
        // Of nine readable ones a quarter is held back.
        assertThat(quantized.calibrationImages()).isEqualTo(7);
        assertThat(quantized.details().verification().deployment().examples()).isEqualTo(2);
    }

    @Test
    void oneImageIsEnough() {
        QuantizedModel quantized =
                Vitrail.quantize(model("hf-vit/torchscript"), IMAGES.slice(0, 1), 1, config(2), Progress.none());

        assertThat(quantized.calibrationImages()).isEqualTo(1);
        assertThat(quantized.details().verification().deployment().examples()).isEqualTo(1);
    }

    @Test
    void refusesToRunWithoutAnyImageAndSaysWhy() {
        Model model = model("timm-vit/torchscript");
        assertThatThrownBy(() -> Vitrail.quantize(
                        model, broken(IMAGES.slice(0, 2), List.of(0, 1)), 2, config(2), Progress.none()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("none of the 2 pictures")
                .hasMessageContaining(IMAGES.name(0));
        assertThatThrownBy(() -> Vitrail.quantize(model, IMAGES, 0, config(2), Progress.none()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("at least one image, got a count of 0");
    }

    @Test
    void theFileSaysWhereItComesFrom(@TempDir Path folder) throws IOException {
        QuantizationConfig config = config(2);
        QuantizedModel quantized = quantize(
                "timm-vit/torchscript",
                config.withBits(Bits.of("W4A8")).withCapture(config.capture().withSeed(77)));
        Path file = folder.resolve("q.onnx");
        quantized.write(file);

        JsonNode provenance =
                new ObjectMapper().readTree(Model.open(file).graph().metadata().get(Provenance.KEY));
        assertThat(provenance.get("version").asInt()).isEqualTo(1);
        assertThat(provenance.get("tool").asText()).isEqualTo("vitrail " + Version.current());
        assertThat(provenance.get("weightsSha256").asText()).matches("[0-9a-f]{64}");
        assertThat(provenance.get("imagesSha256").asText()).matches("[0-9a-f]{64}");
        assertThat(provenance.get("calibrationImages").asInt()).isEqualTo(COUNT);
        assertThat(provenance.get("seed").asLong()).isEqualTo(77);
        assertThat(provenance.get("bits").asText()).isEqualTo("W4A8");
        assertThat(provenance.get("edgeBits").asText()).isEqualTo("8");
        assertThat(provenance.get("attention").asText()).isEqualTo("FLOAT");
        assertThat(provenance.get("method").asText()).contains("PER_CHANNEL");
    }

    @Test
    void provenanceTellsModelsAndImagesApart() {
        QuantizationConfig config = config(1);
        Model vit = model("timm-vit/torchscript");
        Provenance one = Provenance.of(vit, IMAGES, config);
        assertThat(Provenance.of(vit, IMAGES, config)).isEqualTo(one);
        assertThat(Provenance.of(model("hf-vit/torchscript"), IMAGES, config).weightsSha256())
                .isNotEqualTo(one.weightsSha256());
        assertThat(Provenance.of(vit, IMAGES.shuffled(1), config).imagesSha256())
                .isNotEqualTo(one.imagesSha256());
    }

    /** The same pictures, some of which cannot be read. */
    private static ImageSource broken(ImageSource images, List<Integer> indices) {
        return new ImageSource() {
            @Override
            public int size() {
                return images.size();
            }

            @Override
            public RgbImage image(int index) {
                if (indices.contains(index)) {
                    throw new VitrailException(name(index) + ": the picture is cut off");
                }
                return images.image(index);
            }

            @Override
            public String name(int index) {
                return images.name(index);
            }

            @Override
            public OptionalInt label(int index) {
                return images.label(index);
            }
        };
    }
}
