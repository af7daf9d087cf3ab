package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.Model;
import org.vitrail.allocate.Allocation;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.image.SyntheticImages;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.task.Task;
import org.vitrail.testing.Shared;
import org.vitrail.work.Progress;

/** Bits are given by what the model is for, not by its first output. */
@Tag("shared")
class TaskMixedPrecisionTest {
    @ParameterizedTest
    @CsvSource({"hf-yolos, DETECTION", "hf-clip-vision, EMBEDDING"})
    void measuresModulesAndAgreementByTheTask(String name, Task.Kind kind) {
        Model model = Model.open(Shared.path("models/onnx/small/" + name + "/torchscript.onnx"))
                .withTask(kind);
        MixedPrecision settings = MixedPrecision.defaults()
                .withMeasure(MixedPrecision.Measure.DIVERGENCE)
                .withCandidates(MixedPrecision.widths(4, 8))
                .withBudget(new Budget.Agreement(0.9))
                .withImages(3);

        QuantizedModel quantized = Vitrail.quantize(
                model,
                new SyntheticImages(8, 72, 4),
                6,
                QuantizationConfig.defaults().withMixedPrecision(settings),
                Progress.none());

        Allocation allocation = quantized.details().allocation().orElseThrow();
        assertThat(allocation.averageBits()).isBetween(4.0, 8.0);
        assertThat(List.of(allocation.sensitivities()))
                .allSatisfy(module -> assertThat(Arrays.stream(module).boxed()).allMatch(omega -> omega >= 0))
                .anySatisfy(module -> assertThat(module[0]).isGreaterThan(module[module.length - 1]));
    }
}
