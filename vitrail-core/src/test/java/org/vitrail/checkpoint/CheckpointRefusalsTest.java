package org.vitrail.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/** Tests that a configuration which asks for another computation than the keys suggest is refused by name. */
class CheckpointRefusalsTest {
    @TempDir
    Path folder;

    private Path timm(String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        return SafetensorsBytes.write(folder.resolve("model.safetensors"), CheckpointFilesTest.weights());
    }

    private Path huggingFace(String config) throws IOException {
        Files.writeString(folder.resolve("config.json"), config);
        return SafetensorsBytes.write(folder.resolve("model.safetensors"), CheckpointFilesTest.huggingFaceWeights());
    }

    private static ImportedModel read(Path path) {
        return CheckpointImport.read(path, ImportOptions.defaults());
    }

    private static void assertRefused(Path path, String... parts) {
        assertThatThrownBy(() -> read(path))
                .isInstanceOf(VitrailException.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining("config.json")
                .hasMessageContaining("export the model to ONNX and give that file");
    }

    @ParameterizedTest
    @CsvSource({
        "vit_base_patch16_rpn_224, its blocks are ResPostBlock",
        "vit_base_patch16_xp_224, not known",
        "vit_relpos_base_patch16_224, VisionTransformerRelPos",
        "vit_srelpos_small_patch16_224, VisionTransformerRelPos",
        "vit_base_patch16_rope_224, Eva",
        "vit_base_patch16_rope_ape_224, Eva",
        "vit_base_patch16_dinov3, Eva",
        "vit_pe_core_base_patch16_224, Eva",
        "eva_giant_patch14_224, Eva",
        "eva02_base_patch14_224, Eva",
        "beit3_base_patch16_224, norm before the projection",
        "cait_s24_224, Cait",
        "xcit_small_12_p16_224, Xcit",
        "convit_base, ConVit",
        "samvit_base_patch16, VisionTransformerSAM",
        "vit_base_r50_s16_224, HybridEmbed",
        "vit_dwee_patch16_reg1_gap_256, DiffAttention",
        "naflexvit_base_patch16_gap, NaFlexVit",
        "flexivit_tiny, not known",
        "swinv2_tiny_window8_256, SwinTransformerV2",
        "aimv2_huge_patch14_224, its patch embedding has a norm"
    })
    void refusesArchitecturesOfTimmThatShareAFamilysKeys(String architecture, String reason) throws IOException {
        assertRefused(timm("{\"architecture\": \"" + architecture + "\"}"), architecture, reason);
    }

    @ParameterizedTest
    @CsvSource({
        "vit_tiny_patch16_224, 3, 1e-6, GELU, CLASS_TOKEN",
        "deit3_huge_patch14_224, 16, 1e-6, GELU, CLASS_TOKEN",
        "vit_giant_patch14_dinov2, 24, 1e-6, GELU, CLASS_TOKEN",
        "vit_base_patch16_clip_224, 12, 1e-5, GELU, CLASS_TOKEN",
        "vit_large_patch14_clip_quickgelu_336, 16, 1e-5, QUICK_GELU, CLASS_TOKEN",
        "vit_so400m_patch14_siglip_gap_384, 16, 1e-6, GELU, AVERAGE",
        "vit_so400m_patch16_siglip_256, 16, 1e-6, GELU_TANH, ATTENTION",
        "vit_huge_patch14_224_in21k, 16, 1e-6, GELU, CLASS_TOKEN"
    })
    void knowsWhatKeysOfTimmDoNotSay(
            String name, int heads, double epsilon, ActivationFunction activation, Pooling pooling) {
        TimmArchitecture architecture = TimmArchitecture.named(name).orElseThrow();
        assertThat(architecture.refusal()).isEmpty();
        assertThat(architecture.heads()).hasValue(heads);
        assertThat(architecture.epsilon()).isEqualTo(epsilon);
        assertThat(architecture.activation()).isEqualTo(activation);
        assertThat(architecture.pooling()).isEqualTo(pooling);
    }

    @Test
    void takesTheNumberOfHeadsFromTheArchitecture() throws IOException {
        Path file = timm("{\"architecture\": \"test_vit\"}");
        assertThat(plain(read(file)).heads()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"block_fn\": \"ParallelScalingBlock\"",
                "\"norm_layer\": \"rmsnorm\"",
                "\"mlp_layer\": \"glumlp\"",
                "\"attn_layer\": \"diff\"",
                "\"embed_layer\": \"hybrid\"",
                "\"pool_include_prefix\": true",
                "\"scale_attn_norm\": true",
                "\"rope_type\": \"cat\"",
                "\"use_post_norm\": true"
            })
    void refusesArgumentsOfTimmThatAreNotDone(String argument) throws IOException {
        String config =
                "{\"architecture\": \"vit_tiny_patch16_224\", \"model_args\": {\"num_heads\": 1, " + argument + "}}";
        assertRefused(timm(config), argument.substring(1, argument.indexOf('"', 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"max", "avgmax", "prr", ""})
    void refusesPoolingsThatAreNotDone(String pooling) throws IOException {
        String config = "{\"architecture\": \"vit_tiny_patch16_224\", \"global_pool\": \"" + pooling + "\"}";
        assertRefused(timm(config), "pooling \"" + pooling + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "yolos",
                "dpt",
                "vit_mae",
                "videomae",
                "vivit",
                "timesformer",
                "audio-spectrogram-transformer",
                "flava",
                "vilt",
                "bert",
                "dinov3_vit",
                "ijepa2",
                "siglip2",
                "metaclip_2",
                "altclip",
                "swinv2",
                "vitdet",
                "pixio",
                "glpn",
                "sam_vision_model",
                "llava"
            })
    void refusesModelTypesThatShareAFamilysKeys(String type) throws IOException {
        assertRefused(huggingFace("{\"model_type\": \"" + type + "\"}"), "\"" + type + "\"", "dinov2, ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ViTForMaskedImageModeling",
                "BeitForSemanticSegmentation",
                "Dinov2Backbone",
                "DPTForDepthEstimation"
            })
    void refusesModelsOfAnotherPurpose(String purpose) throws IOException {
        assertRefused(huggingFace("{\"model_type\": \"vit\", \"architectures\": [\"" + purpose + "\"]}"), purpose);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"position_embedding_type\": \"rope\"",
                "\"rope_theta\": 100.0",
                "\"use_post_norm\": true",
                "\"norm_first\": true",
                "\"parallel_attention\": true",
                "\"use_qk_norm\": true",
                "\"pooling_type\": \"max\"",
                "\"rms_norm\": true",
                "\"image_size\": [112, 224]",
                "\"patch_size\": [8, 16]",
                "\"pruned_heads\": {\"0\": [1]}"
            })
    void refusesFieldsThatAskForAnotherComputation(String field) throws IOException {
        assertRefused(
                huggingFace("{\"model_type\": \"vit\", \"num_attention_heads\": 1, " + field + "}"),
                field.substring(1, field.indexOf('"', 1)));
    }

    @Test
    void knowsOfAnUnknownArchitectureOnlyWhatItsArgumentsSay() throws IOException {
        String config = "{\"architecture\": \"%s\", \"model_args\": {\"num_heads\": 4}}";
        Path file = timm(config.formatted("vit_own_patch8_16"));
        assertThat(plain(read(file)).heads()).isEqualTo(4);
        assertRefused(timm(config.formatted("vit_own_patch8_rope_16")), "vit_own_patch8_rope_16", "not known");
    }

    @Test
    void refusesPicturesThatAreNotSquare() throws IOException {
        String config =
                "{\"architecture\": \"vit_tiny_patch16_224\", \"pretrained_cfg\": {\"input_size\": [3, 8, 32]}}";
        assertRefused(timm(config), "input_size", "not square");
    }

    /** Hugging Face's default: a configuration that leaves the heads out has 12. */
    @Test
    void takesTheFamilysNumberOfHeadsWhereTheConfigurationLeavesItOut() throws IOException {
        Path file = huggingFace("{\"model_type\": \"vit\"}");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("64 cannot be divided among 12 attention heads");
    }

    @Test
    void readsFieldsThatAskForNothing() throws IOException {
        Path file = huggingFace("""
                {"model_type": "vit", "architectures": ["ViTForImageClassification"], "num_attention_heads": 1,
                 "position_embedding_type": "absolute", "rope_theta": null, "use_post_norm": false, "qkv_bias": true,
                 "image_size": 16, "patch_size": [8, 8], "pooler_act": "tanh", "pruned_heads": {}}""");
        assertThatCode(() -> read(file)).doesNotThrowAnyException();
    }

    @Test
    void refusesTheSizeOfOtherPictures() throws IOException {
        Path file = huggingFace("{\"model_type\": \"vit\", \"num_attention_heads\": 1, \"image_size\": 32}");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("pictures of 16 pixels per side, but its config.json states 32");
    }

    @Test
    void refusesKeysOfAnotherFamilyThanTheConfigurationNames() throws IOException {
        Path file = huggingFace("{\"model_type\": \"dinov2\"}");
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("its keys are not those of");
    }

    /** CLIP's key names are the same with GELU and with quick GELU. */
    @Test
    void asksForTheConfigurationWhereKeysLeaveTheComputationOpen() {
        Map<String, Weight> weights = new LinkedHashMap<>(CheckpointFilesTest.weights());
        weights.put("norm_pre.weight", Weight.ofFloats(new int[] {64}, new float[64]));
        weights.put("norm_pre.bias", Weight.ofFloats(new int[] {64}, new float[64]));
        Path file = SafetensorsBytes.write(folder.resolve("model.safetensors"), weights);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(VitrailException.class)
                .hasMessageContaining("norm_pre")
                .hasMessageContaining("config.json");
        assertThatCode(() -> CheckpointImport.read(
                        file,
                        ImportOptions.defaults()
                                .withActivation(ActivationFunction.GELU)
                                .withEpsilon(1e-5)))
                .doesNotThrowAnyException();
    }

    private static VisionTransformerConfig plain(ImportedModel imported) {
        return (VisionTransformerConfig) imported.model();
    }
}
