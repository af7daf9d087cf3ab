package org.vitrail.quantizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedWeightTest {
    @ParameterizedTest
    @ValueSource(ints = {2, 8, 9, 10})
    void codesComeBackAtEveryWidth(int bits) {
        BitWidth width = new BitWidth(bits);
        short highest = (short) width.symmetric().highest();
        short[] codes = {highest, (short) -highest, 0, 1, -1, highest};
        QuantizedWeight weight = new QuantizedWeight(3, 2, codes.clone(), new float[] {0.5f, 2}, width);
        assertThat(weight.codes()).containsExactly(codes);
        assertThat(weight.count()).isEqualTo(6);
        assertThat(weight.dequantize()).containsExactly(highest / 2f, -2f * highest, 0, 2, -0.5f, 2f * highest);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 10})
    void anotherNumberOfCodesIsRefused(int bits) {
        assertThatThrownBy(() -> new QuantizedWeight(3, 2, new short[5], new float[] {1}, new BitWidth(bits)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("3×2 matrix takes 6 codes")
                .hasMessageContaining("got 5 and 1");
    }
}
