package org.vitrail.checkpoint;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Naming schemes of libraries for the parameters of a vision transformer, with the library's defaults, one row each.
 * Elsewhere timm's names are used. In a pattern, {@code #} is the block's number and {@code *} is weight or bias;
 * parameters mapped to "" are ignored.
 */
enum NamingScheme {
    TIMM("timm", "blocks.0.attn.proj.weight", 1e-6, ActivationFunction.GELU, NormPlacement.BEFORE),

    HUGGING_FACE(
            "Hugging Face",
            "encoder.layer.0.attention.output.dense.weight",
            1e-12,
            ActivationFunction.GELU,
            NormPlacement.BEFORE,
            row("embeddings.cls_token", "cls_token"),
            row("embeddings.distillation_token", "dist_token"),
            row("embeddings.position_embeddings", "pos_embed"),
            row("embeddings.patch_embeddings.projection.*", "patch_embed.proj.*"),
            row("encoder.layer.#.layernorm_before.*", "blocks.#.norm1.*"),
            row("encoder.layer.#.attention.attention.query.*", "blocks.#.attn.q.*"),
            row("encoder.layer.#.attention.attention.key.*", "blocks.#.attn.k.*"),
            row("encoder.layer.#.attention.attention.value.*", "blocks.#.attn.v.*"),
            row("encoder.layer.#.attention.output.dense.*", "blocks.#.attn.proj.*"),
            row("encoder.layer.#.layernorm_after.*", "blocks.#.norm2.*"),
            row("encoder.layer.#.intermediate.dense.*", "blocks.#.mlp.fc1.*"),
            row("encoder.layer.#.output.dense.*", "blocks.#.mlp.fc2.*"),
            row("layernorm.*", "norm.*"),
            row("classifier.*", "head.*"),
            row("cls_classifier.*", "head.*"),
            row("distillation_classifier.*", "head_dist.*"),
            row("pooler.dense.*", ""),
            row("embeddings.mask_token", "")),

    TORCHVISION(
            "torchvision",
            "encoder.layers.encoder_layer_0.self_attention.out_proj.weight",
            1e-6,
            ActivationFunction.GELU,
            NormPlacement.BEFORE,
            row("class_token", "cls_token"),
            row("encoder.pos_embedding", "pos_embed"),
            row("conv_proj.*", "patch_embed.proj.*"),
            row("encoder.layers.encoder_layer_#.ln_1.*", "blocks.#.norm1.*"),
            row("encoder.layers.encoder_layer_#.self_attention.in_proj_*", "blocks.#.attn.qkv.*"),
            row("encoder.layers.encoder_layer_#.self_attention.out_proj.*", "blocks.#.attn.proj.*"),
            row("encoder.layers.encoder_layer_#.ln_2.*", "blocks.#.norm2.*"),
            row("encoder.layers.encoder_layer_#.mlp.0.*", "blocks.#.mlp.fc1.*"),
            row("encoder.layers.encoder_layer_#.mlp.3.*", "blocks.#.mlp.fc2.*"),
            row("encoder.layers.encoder_layer_#.mlp.linear_1.*", "blocks.#.mlp.fc1.*"),
            row("encoder.layers.encoder_layer_#.mlp.linear_2.*", "blocks.#.mlp.fc2.*"),
            row("encoder.ln.*", "norm.*"),
            row("heads.pre_logits.*", "pre_logits.fc.*"),
            row("heads.head.*", "head.*")),

    /** A custom model around {@code nn.TransformerEncoderLayer}, with that layer's defaults. */
    TORCH_ENCODER(
            "torch.nn.TransformerEncoderLayer",
            "transformer.layers.0.self_attn.out_proj.weight",
            1e-5,
            ActivationFunction.RELU,
            NormPlacement.AFTER,
            row("cls_token", "cls_token"),
            row("pos_embed", "pos_embed"),
            row("patch_embed.proj.*", "patch_embed.proj.*"),
            row("transformer.layers.#.norm1.*", "blocks.#.norm1.*"),
            row("transformer.layers.#.self_attn.in_proj_*", "blocks.#.attn.qkv.*"),
            row("transformer.layers.#.self_attn.out_proj.*", "blocks.#.attn.proj.*"),
            row("transformer.layers.#.norm2.*", "blocks.#.norm2.*"),
            row("transformer.layers.#.linear1.*", "blocks.#.mlp.fc1.*"),
            row("transformer.layers.#.linear2.*", "blocks.#.mlp.fc2.*"),
            row("mlp_head.0.*", "norm.*"),
            row("mlp_head.1.*", "head.*"));

    final String label;
    final double epsilon;
    final ActivationFunction activation;
    final NormPlacement norm;
    private final String signature;

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
    private final List<Row> rows;

    private record Row(String theirs, String ours) {}

    NamingScheme(
            String label,
            String signature,
            double epsilon,
            ActivationFunction activation,
            NormPlacement norm,
            Row... rows) {
        this.label = label;
        this.signature = signature;
        this.epsilon = epsilon;
        this.activation = activation;
        this.norm = norm;
        this.rows = List.of(rows);
    }

    private static Row row(String theirs, String ours) {
        return new Row(theirs, ours);
    }

    /** Finds the scheme that keys follow, by the output projection of the first block. */
    static Optional<NamingScheme> of(Collection<String> keys) {
        return Arrays.stream(values())
                .filter(scheme -> scheme.prefix(keys).isPresent())
                .findFirst();
    }

    /** The prefix before the scheme's own names ("vit." or nothing); empty if the keys do not follow the scheme. */
    Optional<String> prefix(Collection<String> keys) {
        return keys.stream()
                .filter(key -> key.equals(signature) || key.endsWith("." + signature))
                .map(key -> key.substring(0, key.length() - signature.length()))
                .findFirst();
    }

    /** The timm name of a key without its prefix: "" if it is ignored, empty if it is unknown. */
    Optional<String> ours(String theirs) {
        return this == TIMM
                ? Optional.of(theirs)
                : rows.stream()
                        .flatMap(row -> rewrite(theirs, row.theirs, row.ours).stream())
                        .findFirst();
    }

    /** The key of a timm name in this scheme. */
    String theirs(String ours) {
        return rows.stream()
                .flatMap(row -> rewrite(ours, row.ours, row.theirs).stream())
                .findFirst()
                .orElse(ours);
    }

    private static Optional<String> rewrite(String name, String from, String to) {
        String pattern =
                Pattern.quote(from).replace("#", "\\E(?<block>\\d{1,4})\\Q").replace("*", "\\E(?<part>weight|bias)\\Q");
        Matcher matcher = Pattern.compile(pattern).matcher(name);
        return matcher.matches()
                ? Optional.of(matcher.replaceFirst(to.replace("#", "${block}").replace("*", "${part}")))
                : Optional.empty();
    }
}
