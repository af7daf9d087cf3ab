package org.vitrail.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {
    private static final List<RelativeError> LAYERS = List.of(
            new RelativeError("blocks.0", 0.01),
            new RelativeError("blocks.1", 1.25),
            new RelativeError("blocks.2", 0.5),
            new RelativeError("blocks.3", 0.7));

    @ParameterizedTest
    @CsvSource({
        "8, 975, FINE", "8, 930, NOTICEABLE", "8, 899, COLLAPSE", "10, 899, COLLAPSE", "6, 949, FINE",
        "4, 860, FINE", "4, 700, NOTICEABLE", "4, 300, COLLAPSE", "3, 582, NOTICEABLE", "2, 100, COLLAPSE"
    })
    void expectsLessOfFewerBits(int bits, int agreeingOfThousand, Verdict.Level level) {
        assertThat(Verdict.of(agreeing(agreeingOfThousand), bits, List.of()).level())
                .isEqualTo(level);
    }

    @Test
    void aCollapseNamesTheWorstLayersAndWhatToTry() {
        Verdict verdict = Verdict.of(agreeing(140), 8, LAYERS);

        assertThat(verdict.sentence())
                .isEqualTo("140 of 1000 held-back images (14.0 %) get the float model's prediction: at 8 bits this"
                        + " quantization has destroyed the model; the largest errors are at blocks.1 (125 %),"
                        + " blocks.3 (70 %), blocks.2 (50 %)");
        assertThat(verdict.responsible())
                .extracting(RelativeError::layer)
                .containsExactly("blocks.1", "blocks.3", "blocks.2");
        assertThat(verdict.advice()).isNotEmpty();
    }

    @Test
    void aGoodResultAccusesNobody() {
        Verdict verdict = Verdict.of(agreeing(990), 8, LAYERS);

        assertThat(verdict.responsible()).isEmpty();
        assertThat(verdict.advice()).isEmpty();
    }

    @Test
    void predictionsThatDifferWhereTheFloatModelIsUndecidedAreNoHarm() {
        Verdict verdict = Verdict.of(new ClassificationMetrics(64, 0, 0, 0, 64, 56, 0.7, 200, 1), 8, LAYERS);

        assertThat(verdict.level()).isEqualTo(Verdict.Level.FINE);
        assertThat(verdict.sentence())
                .contains("56 of 64")
                .contains("undecided itself")
                .contains("0.0109 nats");
    }

    @Test
    void cannotJudgeWithoutAComparison() {
        assertThatThrownBy(() -> Verdict.of(ClassificationMetrics.none(), 8, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ClassificationMetrics agreeing(int ofThousand) {
        return new ClassificationMetrics(1000, 0, 0, 0, 1000, ofThousand, 2 * (1000 - ofThousand), 6000, 1);
    }
}
