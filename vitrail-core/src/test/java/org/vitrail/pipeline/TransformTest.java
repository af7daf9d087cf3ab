package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.Model;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.fold.Transform;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Weight;
import org.vitrail.image.ImageSource;
import org.vitrail.image.SyntheticImages;
import org.vitrail.quantize.Provenance;
import org.vitrail.quantize.QuantizedModel;
import org.vitrail.quantize.Vitrail;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;
import org.vitrail.verify.Verdict;
import org.vitrail.work.Progress;

/** Rewrites before quantization, right and wrong, in whole runs. */
@Tag("shared")
class TransformTest {
    private static final ImageSource IMAGES = new SyntheticImages(10, 72, 4);

    /** Multiplies the weight of every attention projection, which changes what the model computes unless by 1. */
    private record ScaledProjections(float factor) implements Transform {
        @Override
        public Map<String, Integer> observes(Recognition recognition) {
            Map<String, Integer> values = new LinkedHashMap<>();
            projections(recognition).forEach(layer -> values.put(layer.input(), layer.inFeatures()));
            return values;
        }

        @Override
        public Graph apply(Recognition recognition, Map<String, ActivationStatistics> statistics) {
            assertThat(statistics.keySet()).isEqualTo(observes(recognition).keySet());
            Map<String, Weight> weights =
                    new LinkedHashMap<>(recognition.graph().weights());
            for (LinearLayer layer : projections(recognition)) {
                float[] scaled = weights.get(layer.weight()).toFloats();
                for (int i = 0; i < scaled.length; i++) {
                    scaled[i] *= factor;
                }
                weights.put(
                        layer.weight(),
                        Weight.ofFloats(weights.get(layer.weight()).shape(), scaled));
            }
            return recognition.graph().withWeights(weights);
        }

        private static List<LinearLayer> projections(Recognition recognition) {
            return recognition.layers().stream()
                    .filter(layer -> layer.role() == LinearLayer.Role.PROJECTION)
                    .toList();
        }
    }

    private static Model model() {
        return Model.open(Shared.path("models/onnx/small/timm-vit/torchscript.onnx"));
    }

    private static QuantizationConfig config(Transform... transforms) {
        QuantizationConfig config = QuantizationConfig.defaults();
        return config.withMethod(config.method().withTransforms(List.of(transforms)));
    }

    private static QuantizedModel quantize(QuantizationConfig config) {
        return Vitrail.quantize(model(), IMAGES, 6, config, Progress.none());
    }

    @Test
    void aWrongRewriteTurnsTheVerdictBad() {
        Verification right = quantize(config()).details().verification();
        Verification wrong =
                quantize(config(new ScaledProjections(-20))).details().verification();

        assertThat(right.verdict().level()).isEqualTo(Verdict.Level.FINE);
        assertThat(wrong.verdict().level()).isEqualTo(Verdict.Level.COLLAPSE);
        assertThat(wrong.outputErrors().getFirst().relative())
                .isGreaterThan(10 * right.outputErrors().getFirst().relative());
        // Deployed and exact form agree, and inner values are near: only the opened model shows the fault.
        assertThat(wrong.deployment().largestDifference()).isZero();
    }

    @Test
    void aRewriteThatChangesNothingGivesTheSameLayers() {
        QuantizedModel plain = quantize(config());
        QuantizedModel rewritten = quantize(config(new ScaledProjections(1)));

        assertThat(rewritten.model().graph().nodes())
                .isEqualTo(plain.model().graph().nodes());
        assertThat(rewritten.details().verification().metrics())
                .isEqualTo(plain.details().verification().metrics());
        assertThat(plain.model().metadata().get(Provenance.KEY)).doesNotContain("transforms");
        assertThat(rewritten.model().metadata().get(Provenance.KEY))
                .contains("transforms=[ScaledProjections[factor=1.0]]");
    }

    @Test
    void bitsForAnAgreementAreChosenByTheModelAsItWasOpened() {
        MixedPrecision agreeing = MixedPrecision.defaults().withBudget(new Budget.Agreement(1));
        QuantizationConfig wrong = config(new ScaledProjections(-20)).withMixedPrecision(agreeing);

        Optional<String> refusal = Optional.empty();
        try {
            quantize(wrong);
        } catch (VitrailException e) {
            refusal = Optional.of(e.getMessage());
        }
        assertThat(refusal).hasValueSatisfying(message -> assertThat(message).contains("agrees with the float model"));
    }
}
