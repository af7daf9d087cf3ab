package org.vitrail.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.Classifier;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.image.RgbImage;
import org.vitrail.image.SyntheticImages;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.Fixture;
import org.vitrail.testing.TestEngines;
import org.vitrail.verify.PeakMemory;

/** A compressed model is used as the plain one is, and gives the same. */
@Tag("shared")
class CompressedModelTest {
    @TempDir
    Path folder;

    @Test
    void classifiesAsThePlainFileDoes() {
        Fixture fixture = Fixture.small().getFirst();
        Path archive = compressed(fixture);
        try (Classifier plain = Classifier.load(fixture.model());
                Classifier unpacked = Classifier.load(archive)) {
            RgbImage picture = SyntheticImages.of(1, 3).image(0);
            assertThat(unpacked.classify(picture)).isEqualTo(plain.classify(picture));
        }
    }

    @Test
    void runsAsThePlainFileDoes() {
        Fixture fixture = Fixture.small().getFirst();
        Path archive = compressed(fixture);
        for (EngineOptions options : List.of(
                EngineOptions.defaults(),
                EngineOptions.defaults()
                        .withOutputs(List.of(
                                OnnxFile.read(archive).outputs().getFirst().name())))) {
            try (Engine plain = TestEngines.open(fixture.model(), options);
                    Engine unpacked = TestEngines.open(archive, options)) {
                Map<String, Tensor> inputs = Map.of(plain.inputs().getFirst(), fixture.input());
                unpacked.run(inputs)
                        .forEach((name, output) -> assertThat(output.values())
                                .isEqualTo(plain.run(inputs).get(name).values()));
            }
        }
    }

    @Test
    void isMeasuredAsItLies() throws IOException {
        Path archive = compressed(Fixture.small().getFirst());

        assertThat(Comparison.bytes(archive)).isEqualTo(Files.size(archive));
        assertThat(PeakMemory.peakBytes(archive, TestEngines.PROVIDER, 1).orElse(1))
                .isPositive();
    }

    private Path compressed(Fixture fixture) {
        Path archive = folder.resolve("model.onnx.zst");
        OnnxFile.write(OnnxFile.read(fixture.model()), archive);
        return archive;
    }
}
