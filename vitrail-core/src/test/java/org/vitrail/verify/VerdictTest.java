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
    void aGoodResultBeginsWithTheFigureThatSaysSo() {
        Verdict classes = Verdict.of(new ClassificationMetrics(64, 0, 0, 0, 64, 17, 0.7, 200, 1), 8, LAYERS);
        Verdict embeddings = Verdict.of(new EmbeddingMetrics(64, 64, 0.998, 0.99, 64, 17), 8, LAYERS);

        assertThat(classes.sentence()).startsWith("close to the float model (mean KL 0.0109 nats), as it should be");
        assertThat(embeddings.sentence()).startsWith("close to the float model (mean cosine 0.9980), as it should be");
        assertThat(embeddings.level()).isEqualTo(Verdict.Level.FINE);
    }

    @Test
    void embeddingsThatAreCloseAreNotDestroyedThoughTheyExchangeNeighbours() {
        Verdict close = Verdict.of(new EmbeddingMetrics(20, 20, 0.9939, 0.98, 20, 9), 8, LAYERS);
        Verdict far = Verdict.of(new EmbeddingMetrics(20, 20, 0.80, 0.70, 20, 9), 8, LAYERS);

        assertThat(close.level()).isEqualTo(Verdict.Level.NOTICEABLE);
        assertThat(close.sentence()).contains("0.9939", "9 of 20").doesNotContain("destroyed");
        assertThat(far.level()).isEqualTo(Verdict.Level.COLLAPSE);
    }

    @Test
    void saysThatFewImagesAreFew() {
        assertThat(Verdict.of(new ClassificationMetrics(1, 0, 0, 0, 1, 1, 0, 5, 0), 8, LAYERS)
                        .sentence())
                .isEqualTo(
                        "1 of 1 held-back image (100.0 %) get the float model's prediction, as they should at 8 bits;"
                                + " 1 is few to judge by");
        assertThat(Verdict.of(agreeing(990), 8, LAYERS).sentence()).doesNotContain("few");
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
