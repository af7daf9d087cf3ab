package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.vitrail.Model;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.allocate.MixedPrecision.Measure;
import org.vitrail.allocate.ModuleFinder;
import org.vitrail.allocate.TransformerModule;
import org.vitrail.block.Recognition;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.ExampleSource;
import org.vitrail.export.Deployment;
import org.vitrail.export.Target;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.testing.TestEngines;
import org.vitrail.work.Progress;

/** Whole runs with bits of its own for each module. */
@Tag("shared")
class MixedPrecisionTest {
    private static final int COUNT = 6;
    private static final ImageSource IMAGES = new SyntheticImages(10, 72, 4);

    private final Model model = Model.open(Shared.path("models/onnx/small/hf-vit/dynamo.onnx"));

    private QuantizedModel quantize(MixedPrecision settings) {
        QuantizationConfig config = QuantizationConfig.defaults()
                .withAttention(AttentionMode.QUANTIZED)
                .withMixedPrecision(settings.withImages(3));
        return Vitrail.quantize(model, IMAGES, COUNT, config, Progress.none());
    }

    private static Allocation allocation(QuantizedModel quantized) {
        return quantized.details().allocation().orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Measure.class)
    void keepsTheAverageAndGivesEveryModuleTheBitsItSays(Measure measure) {
        QuantizedModel quantized =
                quantize(MixedPrecision.defaults().withMeasure(measure).withBudget(new Budget.AverageBits(5.5)));

        Allocation allocation = allocation(quantized);
        assertThat(allocation.averageBits()).isLessThanOrEqualTo(5.5).isGreaterThan(4.5);
        Map<String, Integer> bits = new HashMap<>();
        for (int i = 0; i < allocation.modules().size(); i++) {
            for (String layer : allocation.modules().get(i).layers()) {
                bits.put(layer, allocation.width(i).bits());
            }
        }
        for (LinearPlan layer : quantized.details().plan().layers()) {
            int expected = bits.getOrDefault(layer.layer(), 8);
            assertThat(layer.weight().bits().bits()).isEqualTo(expected);
            assertThat(layer.input().main().grid().highest()).isEqualTo((1 << expected) - 1);
        }
        // Patch embedding and head belong to no module.
        assertThat(quantized.details().plan().layers()).hasSize(bits.size() + 2);
        assertThat(quantized.details().verification().deployment().largestDifference())
                .isZero();
        assertThat(quantized.details().verification().proof().holds()).isTrue();
    }

    @Test
    void activationsKeepTheirWidthWhereWeightsAloneAreMixed() {
        QuantizedModel quantized = quantize(MixedPrecision.defaults()
                .withWeightsOnly(true)
                .withCandidates(MixedPrecision.widths(3, 6))
                .withBudget(new Budget.AverageBits(4)));

        assertThat(quantized.details().plan().layers())
                .allMatch(layer -> layer.input().main().grid().highest() == 255);
        assertThat(allocation(quantized).averageBits()).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"1.0", "0.6", "0.2"})
    void theWrittenFileKeepsTheSizeThatWasAskedFor(double share, @TempDir Path folder) throws IOException {
        MixedPrecision settings = MixedPrecision.defaults().withCandidates(MixedPrecision.widths(4, 10));
        Path file = folder.resolve("q.onnx");
        quantize(settings.withBudget(new Budget.AverageBits(10))).write(file);
        long largest = Files.size(file);
        quantize(settings.withBudget(new Budget.AverageBits(4))).write(file);
        long smallest = Files.size(file);

        long size = smallest + Math.round(share * (largest - smallest));
        QuantizedModel quantized = quantize(settings.withBudget(new Budget.FileSize(size, false)));
        quantized.write(file);

        assertThat(Files.size(file)).isBetween(smallest, size);
        // The next better choice would have been larger: no room is wasted but what it needs.
        List<Long> sizes = allocation(quantized).frontier().points().stream()
                .map(point -> point.size())
                .toList();
        long step = 0;
        for (int i = 1; i < sizes.size(); i++) {
            step = Math.max(step, sizes.get(i) - sizes.get(i - 1));
        }
        assertThat(Files.size(file)).isGreaterThan(size - step - 4096);
    }

    @Test
    void theArchiveKeepsTheSizeThatWasAskedFor(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("q.onnx.zst");
        quantize(MixedPrecision.defaults().withBudget(new Budget.AverageBits(6)))
                .write(file);
        long size = Files.size(file);

        QuantizedModel quantized = quantize(MixedPrecision.defaults().withBudget(new Budget.FileSize(size, true)));
        quantized.write(file);

        assertThat(Files.size(file)).isLessThanOrEqualTo(size);
        assertThat(allocation(quantized).averageBits()).isBetween(5.0, 6.5);
    }

    @Test
    void refusesBudgetsThatNoChoiceKeepsAndSaysWhatTheModelTakes() {
        assertThatThrownBy(() -> quantize(MixedPrecision.defaults().withBudget(new Budget.FileSize(1000, false))))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("1000 bytes is too small")
                .hasMessageContaining("with 4 bits in every module it takes");
        assertThatThrownBy(() -> quantize(MixedPrecision.defaults().withBudget(new Budget.AverageBits(3))))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("average of 3.0 bits")
                .hasMessageContaining("[4, 5, 6, 7, 8]");
    }

    @Test
    void findsTheSmallestChoiceThatAgreesAsOftenAsAsked() {
        MixedPrecision settings = MixedPrecision.defaults().withCandidates(MixedPrecision.widths(2, 8));
        Allocation all = allocation(quantize(settings.withBudget(new Budget.Agreement(1))));
        Allocation none = allocation(quantize(settings.withBudget(new Budget.Agreement(0))));

        assertThat(none.averageBits()).isEqualTo(2);
        assertThat(all.averageBits()).isGreaterThan(2);
    }

    @Test
    void choicesThatKnowNothingDifferByTheirSeed() {
        Set<List<Integer>> choices = new LinkedHashSet<>();
        for (long seed = 0; seed < 3; seed++) {
            choices.add(allocation(quantize(MixedPrecision.defaults()
                            .withMeasure(Measure.RANDOM)
                            .withSeed(seed)))
                    .chosen());
        }
        assertThat(choices).hasSizeGreaterThan(1);
    }

    /** int4, int8 and int16 weights, clipped uint8 and uint16 activations, all in one file. */
    @Test
    void allStorageTypesInOneFileComputeWhatTheQuantizersSay() {
        Recognition recognition = Quantization.recognise(model.graph(), "model", TestEngines.PROVIDER);
        ExampleSource inputs = model.inputs(IMAGES);
        QuantizationConfig config = QuantizationConfig.defaults().withAttention(AttentionMode.QUANTIZED);
        List<Integer> widths = List.of(3, 9, 6, 10);
        Set<Bits> all = new LinkedHashSet<>(List.of(config.bits()));
        widths.forEach(width -> all.add(new Bits(new BitWidth(width), new BitWidth(width))));
        Map<Bits, Plan> plans = Quantization.plans(
                recognition, inputs, config, all, config.context(TestEngines.PROVIDER, Progress.none()));
        List<TransformerModule> modules = ModuleFinder.of(recognition, plans.get(config.bits()));
        List<Plan> candidates = new ArrayList<>(plans.values()).subList(1, 5);
        Plan mixed = new CandidatePlans(plans.get(config.bits()), candidates, modules, Target.PORTABLE)
                .plan(List.of(0, 1, 2, 3));

        Graph portable = Deployment.ofPart(recognition.graph(), recognition.layers(), mixed, Target.PORTABLE);
        Graph simulated = Deployment.ofPart(recognition.graph(), recognition.layers(), mixed, Target.SIMULATED);
        assertThat(portable.weights().values().stream().map(Weight::type))
                .contains(DataType.INT4, DataType.INT8, DataType.INT16, DataType.UINT8, DataType.UINT16);
        float[] expected = run(simulated, inputs);
        float[] actual = run(portable, inputs);
        for (int i = 0; i < expected.length; i++) {
            // Within the last bits of float sums.
            assertThat(Math.abs(actual[i] - expected[i])).isLessThan(1e-4f);
        }
        assertThat(run(Deployment.of(recognition, mixed, Target.PORTABLE), inputs))
                .hasSameSizeAs(expected);
    }

    private static float[] run(Graph graph, ExampleSource inputs) {
        try (Engine engine = TestEngines.open(graph, EngineOptions.defaults().withExactInt8(true))) {
            return engine.run(inputs.get(0)).values().iterator().next().values();
        }
    }
}
