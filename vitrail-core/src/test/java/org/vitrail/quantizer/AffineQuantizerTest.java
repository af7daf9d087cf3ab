package org.vitrail.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AffineQuantizerTest {
    private static final Grid EIGHT = new BitWidth(8).unsigned();

    @Test
    void roundsHalfToEvenAndClipsToTheGrid() {
        AffineQuantizer quantizer = new AffineQuantizer(0.5f, 10, EIGHT);
        assertThat(quantizer.code(0.25f)).isEqualTo(10);
        assertThat(quantizer.code(0.75f)).isEqualTo(12);
        assertThat(quantizer.code(-100f)).isZero();
        assertThat(quantizer.code(1000f)).isEqualTo(255);
        assertThat(quantizer.apply(1000f)).isEqualTo(quantizer.high()).isEqualTo(122.5f);
    }

    @Test
    void keepsZeroExactWhateverTheRange() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 1000; i++) {
            double low = -random.nextDouble() * Math.pow(10, random.nextInt(-6, 6));
            double high = random.nextDouble() * Math.pow(10, random.nextInt(-6, 6));
            AffineQuantizer quantizer =
                    AffineQuantizer.ofRange(low, high, new BitWidth(random.nextInt(2, 11)).unsigned());
            assertThat(quantizer.apply(0f)).isZero();
        }
    }

    @Test
    void anEmptyRangeStillGivesAQuantizer() {
        assertThat(AffineQuantizer.ofRange(0, 0, EIGHT).apply(0f)).isZero();
    }

    @Test
    void quantizesArraysAsItQuantizesValues() {
        SplittableRandom random = new SplittableRandom(2);
        AffineQuantizer quantizer = AffineQuantizer.ofRange(-1.3, 2.7, new BitWidth(6).unsigned());
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble(-3, 4);
        }
        float[] array = new float[values.length];
        quantizer.apply(values, array, values.length);
        for (int i = 0; i < values.length; i++) {
            assertThat(array[i]).isEqualTo(quantizer.apply(values[i]));
        }
    }

    @Test
    void symmetricQuantizersHaveThePapersGrid() {
        AffineQuantizer quantizer = AffineQuantizer.symmetric(1, new BitWidth(4).unsigned());
        assertThat(quantizer.low()).isEqualTo(-8f);
        assertThat(quantizer.high()).isEqualTo(7f);
    }

    @Test
    void rejectsAScaleThatIsNotPositive() {
        for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> new AffineQuantizer(scale, 0, EIGHT))
                    .hasMessageContaining("scale")
                    .hasMessageContaining(Float.toString(scale));
        }
    }

    @Test
    void rejectsBitWidthsThatDoNotExist() {
        assertThatThrownBy(() -> new BitWidth(1)).hasMessageContaining("between 2 and 10, got 1");
        assertThatThrownBy(() -> new BitWidth(11)).hasMessageContaining("got 11");
    }
}
