package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.Model;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.block.Recognition;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.pipeline.AttentionMode;
import org.vitrail.pipeline.Bits;
import org.vitrail.pipeline.Preset;
import org.vitrail.pipeline.Quantization;
import org.vitrail.pipeline.QuantizationConfig;
import org.vitrail.plan.PlanFile;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;
import org.vitrail.work.Progress;

/** A saved plan makes the same model again; a plan that is damaged or of another model is refused in one sentence. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PlanFileTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ImageSource IMAGES = new SyntheticImages(10, 72, 4);
    private static final int COUNT = 6;
    private static final int MUTATIONS = 400;

    private Model demo;
    private String sha256;
    private Recognition recognition;
    private Path saved;

    @BeforeAll
    void saveAPlanOfTheDemoModel(@TempDir Path folder) {
        DemoModel.write(folder.resolve("demo"));
        demo = Model.open(folder.resolve("demo"));
        sha256 = Provenance.modelSha256(demo.graph(), Provenance.weightsSha256(demo));
        recognition = Quantization.recognise(demo.graph(), "demo", TestEngines.PROVIDER);
        saved = folder.resolve("plan.json");
        quantize(demo, config("W8A8", AttentionMode.QUANTIZED)).writePlan(saved);
    }

    private static QuantizationConfig config(String bits, AttentionMode attention) {
        QuantizationConfig config = QuantizationConfig.defaults();
        return config.withCapture(config.capture().withThreads(2))
                .withBits(Bits.of(bits))
                .withAttention(attention);
    }

    private static QuantizationConfig mixed() {
        return config("W8A8", AttentionMode.QUANTIZED)
                .withMixedPrecision(MixedPrecision.defaults()
                        .withMeasure(MixedPrecision.Measure.FEATURE)
                        .withCandidates(List.of(new BitWidth(4), new BitWidth(8)))
                        .withBudget(new Budget.AverageBits(6)));
    }

    private static QuantizedModel quantize(Model model, QuantizationConfig config) {
        return Vitrail.quantize(model, IMAGES, COUNT, config, Progress.none());
    }

    private static void assertReplaysByteForByte(Model model, QuantizationConfig config, Path folder)
            throws IOException {
        QuantizedModel quantized = quantize(model, config);
        Path plan = folder.resolve("plan.json");
        Path first = folder.resolve("first.onnx");
        Path again = folder.resolve("again.onnx");
        quantized.write(first);
        quantized.writePlan(plan);
        Model replayed = Vitrail.replay(model, plan);
        OnnxFile.write(replayed.graph(), again);
        assertThat(Files.mismatch(first, again)).isEqualTo(-1);
        assertThat(replayed.preprocessing()).isEqualTo(quantized.model().preprocessing());
        assertThat(replayed.classNames()).isEqualTo(quantized.model().classNames());
    }

    @ParameterizedTest
    @CsvSource({"W8A8, FLOAT", "W4A4, QUANTIZED", "W10A10, QUANTIZED"})
    void theDemoModelIsReplayedByteForByte(String bits, AttentionMode attention, @TempDir Path folder)
            throws IOException {
        assertReplaysByteForByte(demo, config(bits, attention), folder);
    }

    @Test
    void mixedPrecisionIsReplayedByteForByte(@TempDir Path folder) throws IOException {
        assertReplaysByteForByte(demo, mixed(), folder);
    }

    @Test
    void measuredBiasCorrectionIsReplayedByteForByte(@TempDir Path folder) throws IOException {
        QuantizationConfig config = config("W4A8", AttentionMode.QUANTIZED).withPreset(Preset.PAPER);
        assertReplaysByteForByte(
                demo, config.withMethod(config.method().withBiasCorrection(BiasCorrection.Source.EMPIRICAL)), folder);
    }

    @ParameterizedTest
    @Tag("shared")
    @ValueSource(strings = {"timm-vit/torchscript", "hf-vit/dynamo"})
    void realModelsAreReplayedByteForByte(String name, @TempDir Path folder) throws IOException {
        Model model = Model.open(Shared.path("models/onnx/small/" + name + ".onnx"));
        assertReplaysByteForByte(model, config("W8A8", AttentionMode.FLOAT), folder);
        assertReplaysByteForByte(model, config("W4A4", AttentionMode.QUANTIZED), folder);
        assertReplaysByteForByte(model, mixed(), folder);
    }

    @Test
    void theSamePlanIsWrittenAgain(@TempDir Path folder) throws IOException {
        Path again = folder.resolve("again.json");
        PlanFile.read(saved, sha256, recognition).write(again);
        assertThat(Files.mismatch(saved, again)).isEqualTo(-1);
    }

    @Test
    void aPlanOfAnotherModelIsRefused(@TempDir Path folder) {
        assertThatThrownBy(() -> PlanFile.read(saved, "0".repeat(64), recognition))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("plan.json: modelSha256")
                .hasMessageContaining("another model");
    }

    private void assertRefused(Path file, String words) {
        assertThatThrownBy(() -> Vitrail.replay(demo, file))
                .isInstanceOf(VitrailException.class)
                .message()
                .contains(file.getFileName().toString(), words)
                .hasLineCount(1);
    }

    /** Replaces one value of the plan; "absent" removes it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/version | 2 | version is 2",
                "/version | '\"1\"' | version",
                "/version | absent | version",
                "/modelSha256 | '\"00\"' | modelSha256",
                "/modelSha256 | 7 | modelSha256",
                "/modelSha256 | null | modelSha256",
                "/target | '\"gpu\"' | target",
                "/target | absent | target",
                "/metadata | absent | metadata",
                "/metadata/vitrail.task | null | metadata",
                "/metadata/vitrail.task | '\"cooking\"' | vitrail.task",
                "/metadata/vitrail.preprocessing | '\"{}\"' | vitrail.preprocessing",
                "/more | 1 | more",
                "/plan/layers/0/more | 1 | plan.layers[0].more",
                "/plan/layers/0/layer | '\"elsewhere\"' | plan.layers[0].layer",
                "/plan/layers/1 | null | plan.layers[1]",
                "/plan/layers/0/input/main/scale | 0 | plan.layers[0].input.main",
                "/plan/layers/0/input/main/scale | -1 | plan.layers[0].input.main",
                "/plan/layers/0/input/main/scale | '\"NaN\"' | plan.layers[0].input.main",
                "/plan/layers/0/input/main/scale | '\"0.5\"' | plan.layers[0].input.main.scale",
                "/plan/layers/0/input/main/scale | absent | plan.layers[0].input.main.scale",
                "/plan/layers/0/input/main/zeroPoint | 300 | plan.layers[0].input.main",
                "/plan/layers/0/input/main/zeroPoint | 1.5 | plan.layers[0].input.main.zeroPoint",
                "/plan/layers/0/input/main/zeroPoint | 99999999999 | plan.layers[0].input.main.zeroPoint",
                "/plan/layers/0/input/main/grid/highest | 254 | plan.layers[0].input.main.grid",
                "/plan/layers/0/input/main/grid/highest | 65535 | plan.layers[0].input.main.grid",
                "/plan/layers/0/input/massive | absent | plan.layers[0].input.massive",
                "/plan/layers/0/input/massive | 3 | plan.layers[0].input.massive",
                "/plan/layers/0/weight/rows | 0 | plan.layers[0].weight",
                "/plan/layers/0/weight/rows | 2000000000 | plan.layers[0].weight",
                "/plan/layers/0/weight/bits | 11 | plan.layers[0].weight",
                "/plan/layers/0/weight/bits | 7 | plan.layers[0].weight",
                "/plan/layers/0/weight/bits | 9 | plan.layers[0].weight",
                "/plan/layers/0/weight/codes | '\"AAAA\"' | plan.layers[0].weight",
                "/plan/layers/0/weight/codes | '\"?\"' | plan.layers[0].weight.codes",
                "/plan/layers/0/weight/codes | [1, 2] | plan.layers[0].weight.codes",
                "/plan/layers/0/weight/scales | '\"AAA=\"' | plan.layers[0].weight.scales",
                "/plan/layers/0/weight/scales | '\"AADAfw==\"' | plan.layers[0].weight.scales",
                "/plan/layers/0/biasCorrection | '\"AACAPw==\"' | plan.layers[0].biasCorrection",
                "/plan/products/0/probabilities | 1 | plan.products[0].probabilities",
                "/plan/products/0/left/axis | 0 | plan.products[0].left",
                "/plan/products/0/left/quantizers | [] | plan.products[0].left",
            })
    void whatIsWrongInAPlanIsNamed(String pointer, String value, String named, @TempDir Path folder)
            throws IOException {
        JsonNode plan = JSON.readTree(saved.toFile());
        int last = pointer.lastIndexOf('/');
        JsonNode parent = plan.at(pointer.substring(0, last));
        String field = pointer.substring(last + 1);
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(field), JSON.readTree(value));
        } else if (value.equals("absent")) {
            ((ObjectNode) parent).remove(field);
        } else {
            ((ObjectNode) parent).set(field, JSON.readTree(value));
        }
        Path damaged = folder.resolve("damaged.json");
        JSON.writeValue(damaged.toFile(), plan);
        assertRefused(damaged, named);
    }

    @Test
    void layersAndHeadsThatDoNotFitAreRefused(@TempDir Path folder) throws IOException {
        Path damaged = folder.resolve("damaged.json");
        JsonNode twice = JSON.readTree(saved.toFile());
        ((ArrayNode) twice.at("/plan/layers")).add(twice.at("/plan/layers/0"));
        JSON.writeValue(damaged.toFile(), twice);
        assertRefused(damaged, ".layer must be another linear layer");

        JsonNode heads = JSON.readTree(saved.toFile());
        ArrayNode quantizers = (ArrayNode) heads.at("/plan/products/0/left/quantizers");
        for (int i = 0; i < 1000; i++) {
            quantizers.add(quantizers.get(0));
        }
        ((ObjectNode) heads.at("/plan/products/0/left")).put("axis", Integer.MIN_VALUE);
        JSON.writeValue(damaged.toFile(), heads);
        assertRefused(damaged, "plan.products[0].left");

        JsonNode nan = JSON.readTree(saved.toFile());
        byte[] bytes = Base64.getDecoder()
                .decode(nan.at("/plan/layers/0/weight/scales").asText());
        Arrays.fill(bytes, 0, 4, (byte) -1);
        ((ObjectNode) nan.at("/plan/layers/0/weight")).put("scales", bytes);
        JSON.writeValue(damaged.toFile(), nan);
        assertRefused(damaged, "plan.layers[0].weight.scales cannot be used (numbers must be finite");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "1", "{\"version\": 1}", "{\"version\": 1} {}", "\u0000", "{\"a\": "})
    void textThatIsNoPlanIsRefused(String text, @TempDir Path folder) throws IOException {
        assertRefused(Files.writeString(folder.resolve("text.json"), text), "plan");
    }

    @Test
    void absurdFilesAreRefusedBeforeTheyAreRead(@TempDir Path folder) throws IOException {
        Path nested = folder.resolve("nested.json");
        Files.writeString(nested, "{\"plan\": " + "[".repeat(1_000_000));
        assertRefused(nested, "is cut short or damaged");
        Path large = folder.resolve("large.json");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(5L << 30); // Sparse.
        }
        assertRefused(large, "takes 5368709120 bytes");
        assertRefused(folder.resolve("absent.json"), "there is no file");
        assertRefused(Files.createDirectory(folder.resolve("folder.json")), "is no file");
    }

    /** Whatever happens to the bytes, the plan is used or refused in a sentence. */
    @Test
    void damagedBytesAreRefusedOrStillMakeAModel(@TempDir Path folder) throws IOException {
        byte[] bytes = Files.readAllBytes(saved);
        Path damaged = folder.resolve("damaged.json");
        SplittableRandom random = new SplittableRandom(5);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            byte[] changed = damage(bytes, random);
            Files.write(damaged, changed);
            try {
                PlanFile plan = PlanFile.read(damaged, sha256, recognition);
                Deployment.of(recognition, plan.plan(), Target.PORTABLE);
            } catch (VitrailException e) {
                refused++;
                assertThat(e.getMessage()).contains("damaged.json").hasLineCount(1);
            }
        }
        assertThat(refused).isGreaterThan(MUTATIONS / 2);
    }

    /** Cuts the text, removes a piece, doubles a piece, or replaces structure by other characters of JSON. */
    private static byte[] damage(byte[] bytes, SplittableRandom random) {
        int at = random.nextInt(bytes.length);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        String changed = switch (random.nextInt(4)) {
            case 0 -> text.substring(0, at);
            case 1 -> text.substring(0, at) + text.substring(at + length);
            case 2 -> text.substring(0, at + length) + text.substring(at);
            default -> {
                int structure = structure(text, at, random);
                yield text.substring(0, structure)
                        + "{}[],:\"0-9.enutf\u0000\u00ff".charAt(random.nextInt(18))
                        + text.substring(structure + 1);
            }
        };
        return changed.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the position of some character that is not inside Base64. */
    private static int structure(String text, int from, SplittableRandom random) {
        int at = from;
        while (at < text.length() - 1 && "{}[],:\" ".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return Math.min(text.length() - 1, at + random.nextInt(30));
    }
}
