package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.image.ImageDecoder;
import org.vitrail.image.RgbImage;
import org.vitrail.task.Task;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

@Tag("shared")
class EmbedderTest {
    private static final String CLIP = "models/onnx/small/hf-clip-vision/torchscript.onnx";
    private static final String DINO = "models/onnx/small/hf-dinov2-swiglu/dynamo.onnx";

    private static Path photo(String name) {
        return Shared.path("images/photos").resolve(name);
    }

    @Test
    void embedsAPictureAsTheClassTokenOfAModelOfTokens() {
        try (Embedder embedder = Embedder.load(Shared.path(DINO))) {
            float[] embedding = embedder.embed(photo("coffee.png"));

            assertThat(embedding).hasSize(48);
            RgbImage image = ImageDecoder.defaults().decode(photo("coffee.png"));
            assertThat(embedder.embed(image)).isEqualTo(embedding);
            assertThat(embedder.embed(image.toBufferedImage())).isEqualTo(embedding);
        }
    }

    @Test
    void picturesThatShareARunAreEmbeddedAsEachAlone() {
        List<RgbImage> pictures = List.of(
                ImageDecoder.defaults().decode(photo("coffee.png")),
                ImageDecoder.defaults().decode(photo("astronaut.png")));
        try (Embedder embedder = clip()) {
            List<float[]> together = embedder.embedAll(pictures);

            assertThat(together).hasSize(2);
            for (int i = 0; i < pictures.size(); i++) {
                assertThat(together.get(i)).containsExactly(embedder.embed(pictures.get(i)), within(1e-5f));
            }
            assertThat(Embedder.cosineSimilarity(together.get(0), together.get(1)))
                    .isBetween(-1.0, 1 - 1e-6);
        }
    }

    @Test
    void refusesAModelThatIsMadeForSomethingElse() {
        assertThatThrownBy(() -> Embedder.load(Shared.path(CLIP)))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("is no embedding model, but made for")
                .hasMessageContaining("Model.withTask");
        assertThatThrownBy(() -> Embedder.load(Path.of("absent.onnx")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("absent.onnx");
    }

    @Test
    void theCosineSimilarityIsThatOfTheAngleWhateverTheLengths() {
        float[] right = {2, 0, 0};
        float[] diagonal = {0.5f, 0.5f, 0};

        assertThat(Embedder.cosineSimilarity(right, right)).isEqualTo(1);
        assertThat(Embedder.cosineSimilarity(right, diagonal)).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(Embedder.cosineSimilarity(right, new float[] {0, 3, 0})).isZero();
        assertThat(Embedder.cosineSimilarity(right, new float[] {-1, 0, 0})).isEqualTo(-1);
        assertThat(Embedder.cosineSimilarity(right, new float[3])).isNaN();
        assertThatThrownBy(() -> Embedder.cosineSimilarity(right, new float[2]))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("embeddings of 3 and 2 values");
    }

    private static Embedder clip() {
        return Embedder.of(Model.open(Shared.path(CLIP)).withTask(Task.Kind.EMBEDDING), 1);
    }
}
