package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.tensor.VitrailException;

class BitsTest {
    @Test
    void readsWeightsBeforeActivationsInEitherCase() {
        assertThat(Bits.of("W4A10")).isEqualTo(new Bits(new BitWidth(4), new BitWidth(10)));
        assertThat(Bits.of("w4a10")).isEqualTo(Bits.of("W4A10"));
        assertThat(Bits.of("W4A10")).hasToString("W4A10");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "8", "W8", "A8W8", "W8A", "W8 A8", "W8A8 ", "int8", "W-4A8", "W4.5A8", "W8A8W8", "W٤A8"})
    void refusesOtherTextsAndShowsOneThatIsRight(String text) {
        assertThatThrownBy(() -> Bits.of(text))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("W8A8")
                .hasMessageEndingWith("got " + text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"W1A8", "W8A1", "W11A8", "W8A16", "W0A0", "W8A999"})
    void refusesWidthsThatDoNotExistAndSaysWhichDo(String text) {
        assertThatThrownBy(() -> Bits.of(text))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("2 to 10 bits")
                .hasMessageContaining(text);
    }

    @Test
    void edgesNeverGetFewerBitsThanTheBlocks() {
        QuantizationConfig config = QuantizationConfig.defaults();
        assertThat(config.bitsAt(true, Bits.of("W4A6"))).isEqualTo(Bits.of("W8A8"));
        assertThat(config.bitsAt(true, Bits.of("W4A10"))).isEqualTo(Bits.of("W8A10"));
        assertThat(config.bitsAt(false, Bits.of("W4A6"))).isEqualTo(Bits.of("W4A6"));
    }
}
