package org.vitrail.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.vitrail.tensor.VitrailException;
import org.vitrail.testing.Shared;

class PreprocessingFilesTest {
    private static final Preprocessing HALF_64 =
            PreprocessingPreset.UNIT.at(Size.square(64)).withMean(Rgb.grey(0.5)).withStd(Rgb.grey(0.5));

    @Test
    @Tag("shared")
    void readsTheFilesThatHuggingFaceSaves() {
        for (String model : new String[] {"hf-vit", "hf-deit-distilled"}) {
            assertThat(PreprocessingFiles.find(Shared.path("models/small-checkpoints/" + model)))
                    .as(model)
                    .contains(HALF_64.withFilter(ResizeFilter.BILINEAR));
        }
    }

    @Test
    void readsAnOldFeatureExtractorOfDeit() {
        Preprocessing read = huggingFace("""
                {"crop_size": 224, "do_center_crop": true, "do_normalize": true, "do_resize": true,
                 "feature_extractor_type": "DeiTFeatureExtractor", "image_mean": [0.485, 0.456, 0.406],
                 "image_std": [0.229, 0.224, 0.225], "resample": 3, "size": 256}
                """);
        assertThat(read)
                .isEqualTo(PreprocessingPreset.IMAGENET
                        .at(Size.square(224))
                        .withSizing(new ResizeMode.Exact(Size.square(256))));
    }

    @Test
    void readsClipWhoseSizeIsTheShorterSide() {
        String dictionary = """
                {"crop_size": {"height": 224, "width": 224}, "do_center_crop": true, "do_normalize": true,
                 "do_rescale": true, "do_resize": true, "image_mean": [0.48145466, 0.4578275, 0.40821073],
                 "image_processor_type": "CLIPImageProcessor", "image_std": [0.26862954, 0.26130258, 0.27577711],
                 "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": 224}}
                """;
        Preprocessing expected = PreprocessingPreset.CLIP.at(Size.square(224));
        assertThat(huggingFace(dictionary)).isEqualTo(expected);
        assertThat(huggingFace("{\"feature_extractor_type\": \"CLIPFeatureExtractor\", \"size\": 224}"))
                .isEqualTo(expected);
    }

    @Test
    void readsSiglipThatKeepsTheWholePicture() {
        assertThat(huggingFace("""
                        {"image_processor_type": "SiglipImageProcessorFast", "size": {"height": 256, "width": 256},
                         "resample": 2}
                        """))
                .isEqualTo(PreprocessingPreset.SIGLIP.at(Size.square(256)).withFilter(ResizeFilter.BILINEAR));
    }

    @Test
    void readsConvnextWhoseCropIsAFractionOnSmallInputsOnly() {
        String json = "{\"image_processor_type\": \"ConvNextImageProcessor\", \"size\": {\"shortest_edge\": EDGE}, "
                + "\"crop_pct\": 0.95, \"resample\": 3, \"image_mean\": 0.5, \"image_std\": 0.5}";
        Preprocessing small = huggingFace(json.replace("EDGE", "224"));
        assertThat(small.sizing()).isEqualTo(new ResizeMode.ShorterSide(235));
        assertThat(small.crop()).contains(Size.square(224));
        Preprocessing large = huggingFace(json.replace("EDGE", "384"));
        assertThat(large.sizing()).isEqualTo(new ResizeMode.Exact(Size.square(384)));
        assertThat(large.crop()).isEmpty();
    }

    @Test
    void leavesOutTheStepsThatAFileSwitchesOff() {
        Preprocessing read = huggingFace("{\"do_resize\": false, \"do_rescale\": false, \"do_normalize\": false}");
        assertThat(read)
                .isEqualTo(new Preprocessing(
                        new ResizeMode.Keep(),
                        ResizeFilter.BICUBIC,
                        Optional.empty(),
                        1,
                        Rgb.grey(0),
                        Rgb.grey(1),
                        Layout.NCHW));
    }

    @Test
    void readsDetectorsThatPadInTheirOldAndTheirNewForm() {
        Preprocessing detr = PreprocessingPreset.IMAGENET
                .at(Size.square(224))
                .withSizing(new ResizeMode.Within(800, 1333, Optional.empty()))
                .withFilter(ResizeFilter.BILINEAR)
                .withCrop(Optional.empty());

        assertThat(huggingFace("""
                        {"do_normalize": true, "do_pad": true, "do_rescale": true, "do_resize": true,
                         "format": "coco_detection", "image_mean": [0.485, 0.456, 0.406],
                         "image_processor_type": "DetrImageProcessor", "image_std": [0.229, 0.224, 0.225],
                         "resample": 2, "size": {"longest_edge": 1333, "shortest_edge": 800}}
                        """)).isEqualTo(detr);
        assertThat(huggingFace("""
                        {"do_normalize": true, "do_resize": true, "feature_extractor_type": "DetrFeatureExtractor",
                         "format": "coco_detection", "max_size": 1333, "size": 800}
                        """)).isEqualTo(detr);
        assertThat(huggingFace("{\"image_processor_type\": \"YolosImageProcessor\", \"size\":"
                                + " {\"shortest_edge\": 512, \"longest_edge\": 1333},"
                                + " \"pad_size\": {\"height\": 800, \"width\": 1333}}")
                        .sizing())
                .isEqualTo(new ResizeMode.Within(512, 1333, Optional.of(new Size(800, 1333))));
        assertThat(huggingFace("{\"size\": {\"longest_edge\": 1024}, \"do_pad\": true}")
                        .sizing())
                .isEqualTo(new ResizeMode.Within(1024, 1024, Optional.empty()));
    }

    @Test
    void refusesAStepThatItDoesNotHave() {
        assertThatThrownBy(() -> huggingFace("{\"do_normalize\": true, \"size\": 224, \"do_rotate\": true}"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("here.json: field \"do_rotate\" must be false");
        assertThatThrownBy(() -> huggingFace("{\"size\": {\"shortest_edge\": 800, \"longest_edge\": 600}}"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("field \"longest_edge\" must be at least shortest_edge, got 600");
    }

    @Test
    void readsTimmsConfiguration() {
        String config = """
                {"architecture": "vit_tiny_patch16_224", "num_classes": 1000, "pretrained_cfg": {
                  "tag": "augreg_in21k_ft_in1k", "input_size": [3, 224, 224], "fixed_input_size": true,
                  "interpolation": "bicubic", "crop_pct": 0.9, "crop_mode": "center",
                  "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}}
                """;
        assertThat(PreprocessingFiles.ofTimm(config, "config.json"))
                .contains(PreprocessingPreset.INCEPTION.at(Size.square(224)));
    }

    @Test
    void readsTimmsSquashAndDefaults() {
        Preprocessing read = PreprocessingFiles.ofTimm(
                        "{\"input_size\": [3, 224, 224], \"crop_mode\": \"squash\"}", "config.json")
                .orElseThrow();
        assertThat(read)
                .isEqualTo(PreprocessingPreset.IMAGENET
                        .at(Size.square(224))
                        .withSizing(new ResizeMode.Exact(Size.square(256))));
    }

    @Test
    void findsNothingInAConfigurationWithoutInputSize() {
        assertThat(PreprocessingFiles.ofTimm("{\"hidden_size\": 192, \"image_size\": 224}", "config.json"))
                .isEmpty();
    }

    @Test
    void namesTheFieldThatCannotBeRight() {
        assertThatThrownBy(() -> PreprocessingFiles.ofTimm("{\"input_size\": [224, 224, 3]}", "config.json"))
                .isInstanceOf(VitrailException.class)
                .hasMessage("config.json: field \"input_size\" must be [3, height, width], got [224,224,3]");
        assertThatThrownBy(() -> huggingFace("{\"image_std\": [0, 1, 1]}"))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("here.json: mean must be finite and std positive");
        assertThatThrownBy(() -> huggingFace("[1]"))
                .isInstanceOf(VitrailException.class)
                .hasMessage("here.json: wanted a JSON object");
        assertThatThrownBy(() -> huggingFace("{"))
                .isInstanceOf(VitrailException.class)
                .hasMessageStartingWith("here.json: not JSON");
    }

    @Test
    void writesWhatItReadsBack() {
        Preprocessing whole = HALF_64.withLayout(Layout.NHWC).withRescale(1);
        for (Preprocessing preprocessing : new Preprocessing[] {
            PreprocessingPreset.IMAGENET.at(Size.square(224)),
            whole,
            whole.withSizing(new ResizeMode.Keep()),
            whole.withSizing(new ResizeMode.Within(480, Integer.MAX_VALUE, Optional.empty())),
            whole.withSizing(new ResizeMode.Within(800, 1333, Optional.of(new Size(800, 1333)))),
            PreprocessingPreset.CLIP.at(Size.square(336))
        }) {
            assertThat(PreprocessingJson.read(PreprocessingJson.write(preprocessing), "here"))
                    .isEqualTo(preprocessing);
        }
    }

    @Test
    void writesCompactJson() {
        assertThat(PreprocessingJson.write(PreprocessingPreset.IMAGENET.at(Size.square(224))))
                .isEqualTo("{\"version\":1,\"resize\":{\"shorter_side\":256},\"filter\":\"bicubic\","
                        + "\"crop\":{\"height\":224,\"width\":224},\"rescale\":0.00392156862745098,"
                        + "\"mean\":[0.485,0.456,0.406],\"std\":[0.229,0.224,0.225],\"layout\":\"nchw\"}");
    }

    @Test
    void saysThatANewerVersionWroteIt() {
        String newer = PreprocessingJson.write(PreprocessingPreset.IMAGENET.at(Size.square(224)))
                .replace("\"version\":1", "\"version\":2");
        assertThatThrownBy(() -> PreprocessingJson.read(newer, "model.onnx"))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("use a newer Vitrail");
    }

    private static Preprocessing huggingFace(String json) {
        return PreprocessingFiles.ofHuggingFace(json, "here.json", Optional.empty())
                .orElseThrow();
    }
}
