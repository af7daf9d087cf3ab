package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.ResizeFilter;
import org.vitrail.image.Size;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

@Tag("shared")
class ModelFolderTest {
    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void aRepositoryWithItsModelInTheFolderOnnx() throws IOException {
        model = Files.createDirectory(folder.resolve("onnx")).resolve("model.onnx");
        Files.copy(Shared.path("models/onnx/small/timm-vit/dynamo.onnx"), model);
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"vit\"}");
        say("{\"do_normalize\": true, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5], \"size\": 64}");
    }

    private void say(String preprocessing) throws IOException {
        Files.writeString(folder.resolve("preprocessor_config.json"), preprocessing);
    }

    @Test
    void readsPreprocessingOneFolderUpWhereTheModelIsInAFolderCalledOnnx() {
        Model opened = Model.open(model);

        assertThat(opened.origin()).isEqualTo(PreprocessingOrigin.FILES);
        assertThat(opened.preprocessing())
                .isEqualTo(PreprocessingPreset.SIGLIP.at(Size.square(64)).withFilter(ResizeFilter.BILINEAR));
    }

    @Test
    void opensAFolderThatHoldsAnOnnxFile() {
        assertThat(Model.open(folder).preprocessing())
                .isEqualTo(Model.open(model).preprocessing());
        assertThat(Model.open(folder.resolve("onnx")).origin()).isEqualTo(PreprocessingOrigin.FILES);
    }

    @Test
    void asksWhichOfSeveralOnnxFilesIsMeant() throws IOException {
        Files.move(model, model.resolveSibling("a.onnx"));
        Files.copy(model.resolveSibling("a.onnx"), model.resolveSibling("b.onnx"));

        assertThatThrownBy(() -> Model.open(folder))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("holds 2 ONNX files, such as a.onnx; name the one to open");
    }

    @Test
    void callsNoFileTheSourceOfWhichNoKnownFieldWasRead() throws IOException {
        say("{\"processor_class\": \"ViTProcessor\"}");

        assertThat(Model.open(model).origin()).isEqualTo(PreprocessingOrigin.ASSUMED);
    }

    @Test
    void leavesAFileUnreadWhereTheCallerSaysAllOfIt() throws IOException {
        say("{\"size\": 64, \"do_turn_upside_down\": true}");

        assertThatThrownBy(() -> Model.open(model))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("field \"do_turn_upside_down\" must be false");
        assertThat(Model.openWithoutPreprocessing(model).origin()).isEqualTo(PreprocessingOrigin.ASSUMED);
    }
}
