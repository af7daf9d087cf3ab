package org.vitrail.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vitrail.allocate.Budget;
import org.vitrail.allocate.MixedPrecision;

/** The texts by which files say how they were made: a change here changes every quantized file. */
class ConfigurationTextTest {
    @Test
    void everyPresetIsDescribedAsInTheFilesThatAreWritten() throws IOException {
        List<String> texts = Arrays.stream(Preset.values())
                .map(preset -> preset.label() + " " + preset.method().describe())
                .toList();
        assertThat(texts).isEqualTo(written());
    }

    private static List<String> written() throws IOException {
        try (InputStream file = ConfigurationTextTest.class.getResourceAsStream("preset-texts.txt")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    @Test
    void aConfigurationIsDescribedWithoutItsThreads() {
        QuantizationConfig config = QuantizationConfig.defaults();
        String text = "QuantizationConfig[method=" + Preset.BEST.method().describe()
                + ", bits=W8A8, edgeBits=8, attention=FLOAT, mixedPrecision=Optional.empty, "
                + "capture=CaptureSettings[threads=1, sampleRows=1024, passBytes=268435456, seed=0]]";
        assertThat(config.withCapture(config.capture().withThreads(1)).describe())
                .isEqualTo(text);
        assertThat(config.withCapture(config.capture().withThreads(7)).describe())
                .isEqualTo(text);
    }

    @Test
    void mixedPrecisionIsDescribedWithItsBudget() {
        MixedPrecision mixed = MixedPrecision.defaults();
        String settings = "MixedPrecision[measure=NUCLEAR, candidates=[4, 5, 6, 7, 8], ";
        assertThat(QuantizationConfig.defaults().withMixedPrecision(mixed).describe())
                .contains(", mixedPrecision=Optional[" + settings
                        + "budget=AverageBits[bits=6.0], weightsOnly=false, images=32, seed=0]], capture=");
        assertThat(mixed.withBudget(new Budget.FileSize(900_000, true))
                        .withWeightsOnly(true)
                        .describe())
                .isEqualTo(settings
                        + "budget=FileSize[bytes=900000, compressed=true], weightsOnly=true, images=32, seed=0]");
        assertThat(mixed.withBudget(new Budget.Agreement(0.95)).describe())
                .isEqualTo(settings + "budget=Agreement[share=0.95], weightsOnly=false, images=32, seed=0]");
    }
}
