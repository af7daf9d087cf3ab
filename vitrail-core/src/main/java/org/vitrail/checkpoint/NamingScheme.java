package org.vitrail.checkpoint;

import static org.vitrail.checkpoint.KeyPattern.HUGGING_FACE_ATTENTION;
import static org.vitrail.checkpoint.KeyPattern.HUGGING_FACE_CLIP;
import static org.vitrail.checkpoint.KeyPattern.HUGGING_FACE_VIT;
import static org.vitrail.checkpoint.KeyPattern.TORCHVISION_VIT;
import static org.vitrail.checkpoint.KeyPattern.join;
import static org.vitrail.checkpoint.KeyPattern.key;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Naming schemes of libraries for the parameters of a vision transformer, with the family's defaults in that library,
 * one row each. Elsewhere timm's names are used. The first scheme that fits a checkpoint's keys is used.
 */
enum NamingScheme {
    TIMM_SWIN(
            "timm's Swin",
            "layers.0.blocks.0.attn.proj.weight",
            1e-5,
            ActivationFunction.GELU,
            Set.of(),
            List.of(
                    key("absolute_pos_embed", "pos_embed"),
                    key("layers.%.blocks.#.attn.relative_position_index", ""),
                    key("layers.%.blocks.#.attn_mask", ""),
                    key("layers.%.downsample.norm.*", "merges.%.norm.*"),
                    key("layers.%.downsample.reduction.weight", "merges.%.reduction.weight"),
                    key("head.fc.*", "head.*"))),

    SWIN(
            "Hugging Face's Swin",
            "encoder.layers.0.blocks.0.attention.output.dense.weight",
            1e-5,
            ActivationFunction.GELU,
            Set.of("swin"),
            List.of(
                    key("embeddings.patch_embeddings.projection.*", "patch_embed.proj.*"),
                    key("embeddings.norm.*", "patch_embed.norm.*"),
                    key("embeddings.position_embeddings", "pos_embed"),
                    key("embeddings.mask_token", ""),
                    key("encoder.layers.%.blocks.#.layernorm_before.*", "layers.%.blocks.#.norm1.*"),
                    key("encoder.layers.%.blocks.#.attention.self.query.*", "layers.%.blocks.#.attn.q.*"),
                    key("encoder.layers.%.blocks.#.attention.self.key.*", "layers.%.blocks.#.attn.k.*"),
                    key("encoder.layers.%.blocks.#.attention.self.value.*", "layers.%.blocks.#.attn.v.*"),
                    key("encoder.layers.%.blocks.#.attention.output.dense.*", "layers.%.blocks.#.attn.proj.*"),
                    key(
                            "encoder.layers.%.blocks.#.attention.self.relative_position_bias_table",
                            "layers.%.blocks.#.attn.relative_position_bias_table"),
                    key("encoder.layers.%.blocks.#.attention.self.relative_position_index", ""),
                    key("encoder.layers.%.blocks.#.layernorm_after.*", "layers.%.blocks.#.norm2.*"),
                    key("encoder.layers.%.blocks.#.intermediate.dense.*", "layers.%.blocks.#.mlp.fc1.*"),
                    key("encoder.layers.%.blocks.#.output.dense.*", "layers.%.blocks.#.mlp.fc2.*"),
                    key("encoder.layers.%.downsample.norm.*", "merges.%.norm.*"),
                    key("encoder.layers.%.downsample.reduction.weight", "merges.%.reduction.weight"),
                    key("layernorm.*", "norm.*"),
                    key("classifier.*", "head.*"))),

    TIMM(
            "timm",
            "blocks.0.attn.proj.weight",
            1e-6,
            ActivationFunction.GELU,
            Set.of(),
            List.of(
                    key("blocks.#.gamma_1", "blocks.#.ls1.gamma"),
                    key("blocks.#.gamma_2", "blocks.#.ls2.gamma"),
                    key("blocks.#.attn.q_bias", "blocks.#.attn.q.bias"),
                    key("blocks.#.attn.k_bias", "blocks.#.attn.k.bias"),
                    key("blocks.#.attn.v_bias", "blocks.#.attn.v.bias"),
                    key("blocks.#.attn.relative_position_index", ""),
                    key("rel_pos_bias.relative_position_index", ""))),

    DINOV2(
            "Hugging Face's DINOv2",
            "encoder.layer.0.layer_scale1.lambda1",
            1e-6,
            ActivationFunction.GELU,
            Set.of("dinov2", "dinov2_with_registers"),
            join(
                    HUGGING_FACE_ATTENTION,
                    key("embeddings.register_tokens", "reg_token"),
                    key("encoder.layer.#.norm1.*", "blocks.#.norm1.*"),
                    key("encoder.layer.#.layer_scale1.lambda1", "blocks.#.ls1.gamma"),
                    key("encoder.layer.#.norm2.*", "blocks.#.norm2.*"),
                    key("encoder.layer.#.mlp.fc1.*", "blocks.#.mlp.fc1.*"),
                    key("encoder.layer.#.mlp.fc2.*", "blocks.#.mlp.fc2.*"),
                    key("encoder.layer.#.mlp.weights_in.*", "blocks.#.mlp.fc1.*"),
                    key("encoder.layer.#.mlp.weights_out.*", "blocks.#.mlp.fc2.*"),
                    key("encoder.layer.#.layer_scale2.lambda1", "blocks.#.ls2.gamma"))),

    BEIT(
            "Hugging Face's BEiT",
            "encoder.layer.0.lambda_1",
            1e-12,
            ActivationFunction.GELU,
            Set.of("beit", "data2vec-vision"),
            join(
                    HUGGING_FACE_VIT,
                    key("encoder.layer.#.lambda_1", "blocks.#.ls1.gamma"),
                    key("encoder.layer.#.lambda_2", "blocks.#.ls2.gamma"),
                    key(
                            "encoder.layer.#.attention.attention.relative_position_bias.relative_position_bias_table",
                            "blocks.#.attn.relative_position_bias_table"),
                    key("encoder.layer.#.attention.attention.relative_position_bias.relative_position_index", ""),
                    key(
                            "encoder.relative_position_bias.relative_position_bias_table",
                            "rel_pos_bias.relative_position_bias_table"),
                    key("encoder.relative_position_bias.relative_position_index", ""),
                    key("pooler.layernorm.*", "fc_norm.*"))),

    HUGGING_FACE(
            "Hugging Face",
            "encoder.layer.0.attention.output.dense.weight",
            1e-12,
            ActivationFunction.GELU,
            Set.of("vit", "deit", "vit_msn", "ijepa"),
            join(
                    HUGGING_FACE_VIT,
                    key("embeddings.distillation_token", "dist_token"),
                    key("cls_classifier.*", "head.*"),
                    key("distillation_classifier.*", "head_dist.*"))),

    CLIP(
            "Hugging Face's CLIP",
            "embeddings.class_embedding",
            1e-5,
            ActivationFunction.QUICK_GELU,
            Set.of("clip", "clip_vision_model"),
            join(
                    HUGGING_FACE_CLIP,
                    key("embeddings.class_embedding", "cls_token"),
                    key("pre_layrnorm.*", "norm_pre.*"),
                    key("visual_projection.weight", "visual_projection.weight"))),

    SIGLIP(
            "Hugging Face's SigLIP",
            "embeddings.patch_embedding.bias",
            1e-6,
            ActivationFunction.GELU_TANH,
            Set.of("siglip", "siglip_vision_model"),
            join(
                    HUGGING_FACE_CLIP,
                    key("head.probe", "attn_pool.latent"),
                    key("head.attention.in_proj_*", "attn_pool.qkv.*"),
                    key("head.attention.out_proj.*", "attn_pool.proj.*"),
                    key("head.layernorm.*", "attn_pool.norm.*"),
                    key("head.mlp.fc1.*", "attn_pool.mlp.fc1.*"),
                    key("head.mlp.fc2.*", "attn_pool.mlp.fc2.*"))),

    TORCHVISION(
            "torchvision",
            "encoder.layers.encoder_layer_0.self_attention.out_proj.weight",
            1e-6,
            ActivationFunction.GELU,
            Set.of(),
            TORCHVISION_VIT),

    /** A custom model around {@code nn.TransformerEncoderLayer}, with that layer's defaults. */
    TORCH_ENCODER(
            "torch.nn.TransformerEncoderLayer",
            "transformer.layers.0.self_attn.out_proj.weight",
            1e-5,
            ActivationFunction.RELU,
            NormPlacement.AFTER,
            Set.of(),
            List.of(
                    key("cls_token", "cls_token"),
                    key("pos_embed", "pos_embed"),
                    key("patch_embed.proj.*", "patch_embed.proj.*"),
                    key("transformer.layers.#.norm1.*", "blocks.#.norm1.*"),
                    key("transformer.layers.#.self_attn.in_proj_*", "blocks.#.attn.qkv.*"),
                    key("transformer.layers.#.self_attn.out_proj.*", "blocks.#.attn.proj.*"),
                    key("transformer.layers.#.norm2.*", "blocks.#.norm2.*"),
                    key("transformer.layers.#.linear1.*", "blocks.#.mlp.fc1.*"),
                    key("transformer.layers.#.linear2.*", "blocks.#.mlp.fc2.*"),
                    key("mlp_head.0.*", "norm.*"),
                    key("mlp_head.1.*", "head.*")));

    final String label;
    final double epsilon;
    final ActivationFunction activation;
    final NormPlacement norm;
    private final String signature;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable set
    private final Set<String> modelTypes;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
    private final List<KeyPattern> keys;

    /** A scheme of models with their norms before attention and MLP. */
    NamingScheme(
            String label,
            String signature,
            double epsilon,
            ActivationFunction activation,
            Set<String> modelTypes,
            List<KeyPattern> keys) {
        this(label, signature, epsilon, activation, NormPlacement.BEFORE, modelTypes, keys);
    }

    NamingScheme(
            String label,
            String signature,
            double epsilon,
            ActivationFunction activation,
            NormPlacement norm,
            Set<String> modelTypes,
            List<KeyPattern> keys) {
        this.label = label;
        this.signature = signature;
        this.epsilon = epsilon;
        this.activation = activation;
        this.norm = norm;
        this.modelTypes = modelTypes;
        this.keys = keys;
    }

    /** Finds the scheme that keys follow, by a key of the first block or of the embedding. */
    static Optional<NamingScheme> of(Collection<String> keys) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.prefix(keys).isPresent())
                .findFirst();
    }

    /** Finds the scheme of the checkpoints whose configuration has this {@code model_type}. */
    static Optional<NamingScheme> ofModelType(String modelType) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.modelTypes.contains(modelType))
                .findFirst();
    }

    /** All values of {@code model_type} that are imported. */
    static Set<String> modelTypes() {
        return Arrays.stream(values())
                .flatMap(scheme -> scheme.modelTypes.stream())
                .collect(Collectors.toSet());
    }

    /** The prefix before the scheme's own names ("vit." or nothing); empty if the keys do not follow the scheme. */
    Optional<String> prefix(Collection<String> fileKeys) {
        return fileKeys.stream()
                .filter(key -> key.equals(signature) || key.endsWith("." + signature))
                .map(key -> key.substring(0, key.length() - signature.length()))
                .findFirst();
    }

    /** The timm name of a key without its prefix: "" if it is ignored, empty if it is unknown. */
    Optional<String> ours(String theirs) {
        Optional<String> found =
                keys.stream().flatMap(key -> key.toTimm(theirs).stream()).findFirst();
        return found.isEmpty() && (this == TIMM || this == TIMM_SWIN) ? Optional.of(theirs) : found;
    }

    /** The key of a timm name in this scheme. */
    String theirs(String ours) {
        return keys.stream()
                .flatMap(key -> key.fromTimm(ours).stream())
                .findFirst()
                .orElse(ours);
    }

    /** Returns whether models of this scheme have a purpose without a head: their output is the pooled vector. */
    boolean embeds() {
        return switch (this) {
            case DINOV2, BEIT, CLIP, SIGLIP, SWIN -> true;
            case TIMM, TIMM_SWIN, HUGGING_FACE, TORCHVISION, TORCH_ENCODER -> false;
        };
    }

    /** Returns whether the family's keys have no bias while its queries and values have one. */
    boolean keysWithoutBias() {
        return switch (this) {
            case BEIT, TIMM -> true;
            case DINOV2, HUGGING_FACE, CLIP, SIGLIP, SWIN, TIMM_SWIN, TORCHVISION, TORCH_ENCODER -> false;
        };
    }

    /** Returns whether the models of this scheme are Swin transformers, in stages of several widths. */
    boolean hasStages() {
        return this == SWIN || this == TIMM_SWIN;
    }
}
