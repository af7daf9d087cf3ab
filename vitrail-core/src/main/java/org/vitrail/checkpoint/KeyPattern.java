package org.vitrail.checkpoint;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The key of a parameter in a library and its name in timm. {@code #} is the block's number, {@code %} the stage's, {@code *} is weight or
 * bias, and {@code **} at the end is any rest; keys that are mapped to "" are ignored.
 */
record KeyPattern(String theirs, String ours) {
    /** Keys of the blocks of ViT, DINOv2 and BEiT in Hugging Face. */
    static final List<KeyPattern> HUGGING_FACE_ATTENTION = List.of(
            key("embeddings.cls_token", "cls_token"),
            key("embeddings.position_embeddings", "pos_embed"),
            key("embeddings.patch_embeddings.projection.*", "patch_embed.proj.*"),
            key("encoder.layer.#.attention.attention.query.*", "blocks.#.attn.q.*"),
            key("encoder.layer.#.attention.attention.key.*", "blocks.#.attn.k.*"),
            key("encoder.layer.#.attention.attention.value.*", "blocks.#.attn.v.*"),
            key("encoder.layer.#.attention.output.dense.*", "blocks.#.attn.proj.*"),
            key("layernorm.*", "norm.*"),
            key("classifier.*", "head.*"),
            key("embeddings.mask_token", ""));

    /** Keys of the rest of ViT's and BEiT's blocks. */
    static final List<KeyPattern> HUGGING_FACE_VIT = join(
            HUGGING_FACE_ATTENTION,
            key("encoder.layer.#.layernorm_before.*", "blocks.#.norm1.*"),
            key("encoder.layer.#.layernorm_after.*", "blocks.#.norm2.*"),
            key("encoder.layer.#.intermediate.dense.*", "blocks.#.mlp.fc1.*"),
            key("encoder.layer.#.output.dense.*", "blocks.#.mlp.fc2.*"),
            key("pooler.dense.*", ""));

    /** Keys of the vision parts of CLIP and SigLIP. */
    static final List<KeyPattern> HUGGING_FACE_CLIP = List.of(
            key("embeddings.patch_embedding.*", "patch_embed.proj.*"),
            key("embeddings.position_embedding.weight", "pos_embed"),
            key("encoder.layers.#.layer_norm1.*", "blocks.#.norm1.*"),
            key("encoder.layers.#.self_attn.q_proj.*", "blocks.#.attn.q.*"),
            key("encoder.layers.#.self_attn.k_proj.*", "blocks.#.attn.k.*"),
            key("encoder.layers.#.self_attn.v_proj.*", "blocks.#.attn.v.*"),
            key("encoder.layers.#.self_attn.out_proj.*", "blocks.#.attn.proj.*"),
            key("encoder.layers.#.layer_norm2.*", "blocks.#.norm2.*"),
            key("encoder.layers.#.mlp.fc1.*", "blocks.#.mlp.fc1.*"),
            key("encoder.layers.#.mlp.fc2.*", "blocks.#.mlp.fc2.*"),
            key("post_layernorm.*", "norm.*"),
            key("classifier.*", "head.*"),
            key("embeddings.position_ids", ""),
            key("text_model.**", ""),
            key("text_projection.**", ""),
            key("logit_scale", ""),
            key("logit_bias", ""));

    static final List<KeyPattern> TORCHVISION_VIT = List.of(
            key("class_token", "cls_token"),
            key("encoder.pos_embedding", "pos_embed"),
            key("conv_proj.*", "patch_embed.proj.*"),
            key("encoder.layers.encoder_layer_#.ln_1.*", "blocks.#.norm1.*"),
            key("encoder.layers.encoder_layer_#.self_attention.in_proj_*", "blocks.#.attn.qkv.*"),
            key("encoder.layers.encoder_layer_#.self_attention.out_proj.*", "blocks.#.attn.proj.*"),
            key("encoder.layers.encoder_layer_#.ln_2.*", "blocks.#.norm2.*"),
            key("encoder.layers.encoder_layer_#.mlp.0.*", "blocks.#.mlp.fc1.*"),
            key("encoder.layers.encoder_layer_#.mlp.3.*", "blocks.#.mlp.fc2.*"),
            key("encoder.layers.encoder_layer_#.mlp.linear_1.*", "blocks.#.mlp.fc1.*"),
            key("encoder.layers.encoder_layer_#.mlp.linear_2.*", "blocks.#.mlp.fc2.*"),
            key("encoder.ln.*", "norm.*"),
            key("heads.pre_logits.*", "pre_logits.fc.*"),
            key("heads.head.*", "head.*"));

    static KeyPattern key(String theirs, String ours) {
        return new KeyPattern(theirs, ours);
    }

    static List<KeyPattern> join(List<KeyPattern> first, KeyPattern... rest) {
        return Stream.concat(first.stream(), Stream.of(rest)).toList();
    }

    /** The timm name of a library's key; empty if the key is another. */
    Optional<String> toTimm(String key) {
        return rewrite(key, theirs, ours);
    }

    /** The library's key of a timm name; empty if the name is another. */
    Optional<String> fromTimm(String name) {
        return rewrite(name, ours, theirs);
    }

    private static Optional<String> rewrite(String name, String from, String to) {
        String pattern = Pattern.quote(from)
                .replace("#", "\\E(?<block>\\d{1,4})\\Q")
                .replace("%", "\\E(?<stage>\\d{1,2})\\Q")
                .replace("**", "\\E.*\\Q")
                .replace("*\\E", "\\E(?<part>weight|bias)");
        Matcher matcher = Pattern.compile(pattern).matcher(name);
        return matcher.matches()
                ? Optional.of(matcher.replaceFirst(
                        to.replace("#", "${block}").replace("%", "${stage}").replace("*", "${part}")))
                : Optional.empty();
    }
}
