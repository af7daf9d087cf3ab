package org.vitrail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.UninterpretedProto;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.Layout;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.ResizeMode;
import org.vitrail.image.Size;
import org.vitrail.image.SyntheticImages;
import org.vitrail.model.ClassNames;
import org.vitrail.model.ImageInput;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

@Tag("shared")
class ModelTest {
    private static final String DEIT = "models/onnx/deit-tiny-in1k.timm.torchscript.onnx";

    @Test
    void readsGeometryFromTheGraphAndSaysThatPreprocessingIsAssumed() {
        Model model = Model.open(Shared.path(DEIT));

        assertThat(model.input())
                .isEqualTo(new ImageInput(
                        "pixel_values", Optional.of(Size.square(224)), Layout.NCHW, false, 1, Optional.empty()));
        assertThat(model.classes()).hasValue(1000);
        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.ASSUMED);
        assertThat(model.preprocessing()).isEqualTo(PreprocessingPreset.IMAGENET.at(Size.square(224)));
        assertThat(model.className(7)).isEqualTo("class 7");
    }

    @Test
    void assumedPreprocessingFitsAnotherInputSize() {
        Model model = Model.open(Shared.path("models/onnx/small/timm-vit/dynamo.onnx"));

        assertThat(model.preprocessing().outputSize()).isEqualTo(model.input().size());
    }

    @Test
    void metadataIsEnoughToUseTheFileAlone(@TempDir Path folder) {
        Model model = Model.open(Shared.path(DEIT));
        Model named = model.withPreprocessing(PreprocessingPreset.INCEPTION.at(Size.square(224)))
                .withClassNames(Collections.nCopies(1000, "“Löwe”, \"lion\""));
        OnnxFile.write(named.graph().withMetadata(named.metadata()), folder.resolve("model.onnx"));

        Model read = Model.open(folder.resolve("model.onnx"));

        assertThat(read.origin()).isEqualTo(PreprocessingOrigin.MODEL);
        assertThat(read.preprocessing()).isEqualTo(named.preprocessing());
        assertThat(read.classNames()).isEqualTo(named.classNames());
        assertThat(read.metadata()).isEqualTo(named.metadata());
    }

    @Test
    void takesPreprocessingAndClassNamesFromFilesBesideAnOnnxFile(@TempDir Path folder) throws IOException {
        Files.copy(Shared.path("models/onnx/small/timm-vit/dynamo.onnx"), folder.resolve("model.onnx"));
        int classes = Model.open(folder.resolve("model.onnx")).classes().orElseThrow();
        List<String> names = Collections.nCopies(classes, "cat");
        Files.writeString(
                folder.resolve("config.json"),
                "{\"label_names\":" + ClassNames.write(names)
                        + ",\"pretrained_cfg\":{\"input_size\":[3,64,64],\"crop_pct\":0.9,\"mean\":[0.5,0.5,0.5]}}");

        Model model = Model.open(folder.resolve("model.onnx"));

        assertThat(model.origin()).isEqualTo(PreprocessingOrigin.FILES);
        assertThat(model.preprocessing().sizing()).isEqualTo(new ResizeMode.ShorterSide(71));
        assertThat(model.classNames()).isEqualTo(names);
    }

    @Test
    void feedsPicturesInTheShapeThatTheModelTakes() {
        Model model = Model.open(Shared.path(DEIT));

        assertThat(model.inputs(SyntheticImages.of(2, 1))
                        .get(1)
                        .get("pixel_values")
                        .shape())
                .containsExactly(1, 3, 224, 224);
    }

    @Test
    void saysInOneSentenceWhatDoesNotFit() {
        Model model = Model.open(Shared.path(DEIT));

        assertThatThrownBy(() -> model.withPreprocessing(PreprocessingPreset.IMAGENET.at(Size.square(384))))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("384×384 pixels, but the model")
                .hasMessageContaining("takes 224×224");
        assertThatThrownBy(() -> model.withClassNames(List.of("cat", "dog")))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("names for 2 classes, but the model")
                .hasMessageContaining("has 1000");
    }

    @Test
    void namesTheFileWhoseMetadataIsDamaged(@TempDir Path folder) {
        Graph graph = OnnxFile.read(Shared.path(DEIT));
        for (String damaged : List.of("{", "[]", "{\"version\":1,\"crop\":{\"height\":-3,\"width\":0}}")) {
            OnnxFile.write(
                    graph.withMetadata(Map.of(Model.PREPROCESSING_KEY, damaged)), folder.resolve("damaged.onnx"));

            assertThatThrownBy(() -> Model.open(folder.resolve("damaged.onnx")))
                    .isInstanceOf(VitrailException.class)
                    .hasMessageContaining("damaged.onnx, metadata vitrail.preprocessing");
        }
    }

    @ParameterizedTest
    @CsvSource({"1 3 0 224", "5000 3 224 224", "1 1 224 224", "1 3 224", "1 3 9999999999 224"})
    void refusesInputsThatAreNoRgbPicture(String shape) {
        List<Dim> dims = Stream.of(shape.split(" ", -1))
                .map(extent -> Dim.of(Long.parseLong(extent)))
                .toList();
        Graph graph = new Graph(
                "example",
                List.of(ValueInfo.of("x", DataType.FLOAT, dims)),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of("", 17),
                Map.of(),
                UninterpretedProto.NONE);

        assertThatThrownBy(() -> ImageInput.of(graph)).isInstanceOf(VitrailException.class);
    }
}
