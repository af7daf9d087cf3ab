package org.vitrail.checkpoint;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** Optional parts of a vision transformer, each with the parameter (in timm's naming) that indicates it. */
public enum ArchitectureFeature {
    CLASS_TOKEN("cls_token"),
    DISTILLATION_TOKEN("dist_token"),
    /** Tokens between the class token and the patches that no head reads (Darcet et al. 2024). */
    REGISTER_TOKENS("reg_token"),
    /** A second head on the distillation token; the logits are the mean of both. */
    DISTILLATION_HEAD("head_dist.weight"),
    /**
     * The tokens before the patches have position embeddings too; without this feature (DeiT III) only the patches have
     * them.
     */
    TOKEN_POSITIONS(""),
    /** Register tokens have no position embeddings although the class token has one (DINOv2 in Hugging Face). */
    UNPLACED_REGISTERS(""),
    /** No position embedding is added to the tokens (BEiT). */
    NO_POSITIONS(""),
    /** A bias for each head and each distance of two tokens, added to a block's attention scores (BEiT). */
    RELATIVE_POSITIONS("blocks.0.attn.relative_position_bias_table"),
    /** The same, one table for all blocks. */
    SHARED_RELATIVE_POSITIONS("rel_pos_bias.relative_position_bias_table"),
    PATCH_BIAS("patch_embed.proj.bias"),
    /** A LayerNorm before the first block, as in CLIP. */
    PATCH_NORM("norm_pre.weight"),
    QKV_BIAS("blocks.0.attn.qkv.bias"),
    /** A LayerNorm over each head's queries and keys. */
    QK_NORM("blocks.0.attn.q_norm.weight"),
    /** A factor for each channel on each branch before it is added to the residual stream. */
    LAYER_SCALE("blocks.0.ls1.gamma"),
    /** An MLP fc2(SiLU(a) b), where a and b are the halves of fc1(x) (SwiGLU, Shazeer 2020). */
    GATED_MLP(""),
    /** A LayerNorm on all tokens after the last block. */
    FINAL_NORM("norm.weight"),
    /** A LayerNorm on the pooled vector. */
    POOL_NORM("fc_norm.weight"),
    /** A linear layer and tanh before the head. */
    PRE_LOGITS("pre_logits.fc.weight"),
    /** No head: the output is the pooled vector. */
    HEADLESS(""),
    /** In place of a head, a linear layer without bias to the space that pictures share with texts (CLIP). */
    PROJECTION("visual_projection.weight");

    private final String shownBy;

    ArchitectureFeature(String shownBy) {
        this.shownBy = shownBy;
    }

    /** The features indicated by the parameters that are present. */
    static Set<ArchitectureFeature> shownBy(Predicate<String> present) {
        Set<ArchitectureFeature> features = EnumSet.noneOf(ArchitectureFeature.class);
        for (ArchitectureFeature feature : values()) {
            if (!feature.shownBy.isEmpty() && present.test(feature.shownBy)) {
                features.add(feature);
            }
        }
        return features;
    }
}
