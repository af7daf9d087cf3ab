package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.vitrail.task.Logits;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

class ClassificationMetricsTest {
    private static final float[] ONE_TO_THREE = {(float) Math.log(1), (float) Math.log(3)};
    private static final float[] EVEN = {7, 7};

    @Test
    void divergenceIsThatOfTheTextbook() {
        // p = (1/4, 3/4), q = (1/2, 1/2): KL(p || q) = 1/4 ln 1/2 + 3/4 ln 3/2
        double kl = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);

        assertThat(Logits.klNats(ONE_TO_THREE, EVEN)).isCloseTo(kl, within(1e-7));
        assertThat(Logits.klNats(EVEN, EVEN)).isZero();
    }

    @Test
    void divergenceSurvivesLogitsWhoseExponentialsDoNotExist() {
        assertThat(Logits.klNats(new float[] {1000, 0}, new float[] {1000, 999.5f}))
                .isCloseTo(Math.log1p(Math.exp(-0.5)), within(1e-6));
        assertThat(Logits.klNats(new float[] {-3e38f, 3e38f}, new float[] {0, 0}))
                .isCloseTo(Math.log(2), within(1e-9));
    }

    @Test
    void countsTheClassAmongTheFirstAndTheFirstFive() {
        float[] logits = {6, 5, 4, 3, 2, 1};

        ClassificationMetrics sum = ClassificationMetrics.none();
        for (int label = 0; label < logits.length; label++) {
            sum = sum.plus(ClassificationMetrics.of(logits, OptionalInt.of(label)));
        }
        sum = sum.plus(ClassificationMetrics.of(logits, OptionalInt.empty()));

        assertThat(sum.examples()).isEqualTo(7);
        assertThat(sum.labelled()).isEqualTo(6);
        assertThat(sum.top1()).isEqualTo(1);
        assertThat(sum.top5()).isEqualTo(5);
        assertThat(sum.top1Accuracy()).hasValueCloseTo(1.0 / 6, within(1e-12));
        assertThat(sum.agreement()).isEmpty();
    }

    @Test
    void theLowerClassWinsATie() {
        assertThat(Logits.top(new float[] {1, 2, 2})).isEqualTo(1);
        assertThat(Logits.rank(new float[] {1, 2, 2}, 1)).isZero();
        assertThat(Logits.rank(new float[] {1, 2, 2}, 2)).isEqualTo(1);
    }

    @Test
    void comparesBatchesOfLogits() {
        Tensor reference = Tensor.of(new int[] {2, 2}, new float[] {1, 0, 0, 1});
        Tensor model = Tensor.of(new int[] {2, 2}, new float[] {1.5f, 0, 0.75f, 0.5f});

        ClassificationMetrics metrics = ClassificationMetrics.of(reference, model);

        assertThat(metrics.compared()).isEqualTo(2);
        assertThat(metrics.differing()).isEqualTo(1);
        assertThat(metrics.agreement()).hasValue(0.5);
        assertThat(metrics.largestDifference()).isEqualTo(0.75f);
        assertThat(metrics.meanKlNats().orElseThrow()).isPositive();
    }

    @Test
    void refusesLabelsBeyondTheClassesModelsThatDoNotMatchAndNaN() {
        assertThatThrownBy(() -> ClassificationMetrics.of(EVEN, OptionalInt.of(2)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("class 2, but the model has 2 classes");
        assertThatThrownBy(() -> ClassificationMetrics.of(EVEN, new float[3], OptionalInt.empty()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("one has 2 classes, the other 3");
        assertThatThrownBy(() -> ClassificationMetrics.of(new float[] {Float.NaN, 0}, OptionalInt.empty()))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("NaN");
    }
}
