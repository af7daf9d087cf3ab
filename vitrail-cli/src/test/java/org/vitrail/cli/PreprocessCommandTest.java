package org.vitrail.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.testing.Shared;

@Tag("shared")
class PreprocessCommandTest {
    private static final Path PICTURE = Shared.path("images/photos/coffee.png");

    @TempDir
    Path folder;

    private Path config;
    private Path tensor;

    @BeforeEach
    void files() throws IOException {
        config = folder.resolve("mobilevit.json");
        tensor = folder.resolve("tensor.npy");
        Files.writeString(
                config,
                "{\"do_flip_channel_order\": true, \"feature_extractor_type\": \"MobileViTFeatureExtractor\","
                        + " \"resample\": 2, \"size\": 288, \"crop_size\": 256}");
    }

    @Test
    void writesTheTensorAndThePictureThatAConfigurationAsksFor() throws IOException {
        Path seen = folder.resolve("seen.png");

        CommandLineRun run = CommandLineRun.of("preprocess", config, PICTURE, "-o", tensor, "--png", seen);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("BGR NCHW", "3×256×256, from 0");
        byte[] bytes = Files.readAllBytes(tensor);
        assertThat(bytes).hasSize(128 + 4 * 3 * 256 * 256);
        assertThat(new String(bytes, 10, 118, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 256, 256,), }")
                .endsWith("\n");
        RgbImage picture = ImageDecoder.defaults().decode(seen);
        float blue = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat(128);
        assertThat(blue).isEqualTo(picture.sample(0, 0, 2) / 255f);
    }

    @Test
    void writesWhatAModelIsFed() {
        Path model = Shared.path("models/onnx/small/timm-vit/dynamo.onnx");

        CommandLineRun run = CommandLineRun.of("preprocess", model, PICTURE, "-o", tensor);

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("assumed, as nothing says it", "3×64×64");
        assertThat(tensor).exists();
    }

    @Test
    void namesTheFieldThatCannotBeDoneAndTakesTheCommandLinesWordInstead() throws IOException {
        Files.writeString(config, "{\"size\": 224, \"do_turn\": true}");

        CommandLineRun refused = CommandLineRun.of("preprocess", config, PICTURE, "-o", tensor);

        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err()).contains("field \"do_turn\" must be false");
        assertThat(tensor).doesNotExist();
        assertThat(CommandLineRun.of("preprocess", config, PICTURE, "-o", tensor, "--preprocessing", "clip")
                        .exitCode())
                .isZero();
    }
}
