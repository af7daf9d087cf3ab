package org.vitrail.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.vitrail.checkpoint.CheckpointImport;
import org.vitrail.checkpoint.ImportOptions;
import org.vitrail.checkpoint.ImportedModel;
import org.vitrail.engine.Engine;
import org.vitrail.image.DrawnImages;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.task.Logits;
import org.vitrail.tensor.Tensor;
import org.vitrail.testing.TestEngines;

class DemoModelTest {
    private static final int UNSEEN = 500;

    @Test
    void classifiesAtLeastNineOfTenUnseenPictures() throws Exception {
        Path folder = folder();
        ImportedModel model = CheckpointImport.read(folder, ImportOptions.defaults());
        Preprocessing preprocessing = PreprocessingFiles.find(folder).orElseThrow();
        DrawnImages images = new DrawnImages(4, UNSEEN);

        assertThat(model.classNames()).isEqualTo(DrawnImages.classNames());
        int right = 0;
        try (Engine engine = TestEngines.open(model.graph())) {
            String input = engine.inputs().getFirst();
            for (int i = 0; i < UNSEEN; i++) {
                Tensor pixels = preprocessing.apply(images.image(i));
                Tensor logits = engine.run(Map.of(input, pixels.reshape(1, 3, DrawnImages.SIDE, DrawnImages.SIDE)))
                        .get(engine.outputs().getFirst());
                right += Logits.top(logits.values()) == images.label(i).getAsInt() ? 1 : 0;
            }
        }
        assertThat(right).isGreaterThanOrEqualTo(UNSEEN * 9 / 10);
    }

    @Test
    void isSmallEnoughToShip() throws Exception {
        assertThat(Files.size(folder().resolve("model.safetensors"))).isLessThan(8 << 20);
    }

    private static Path folder() throws Exception {
        return Path.of(Objects.requireNonNull(CheckpointImport.class.getResource("/org/vitrail/demo/config.json"))
                        .toURI())
                .getParent();
    }
}
