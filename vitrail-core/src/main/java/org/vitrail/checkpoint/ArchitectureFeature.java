package org.vitrail.checkpoint;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

/** Optional parts of a vision transformer, each with the parameter (in timm's naming) that indicates it. */
public enum ArchitectureFeature {
    CLASS_TOKEN("cls_token"),
    DISTILLATION_TOKEN("dist_token"),
    /** A second head on the distillation token; the logits are the mean of both. */
    DISTILLATION_HEAD("head_dist.weight"),
    /**
     * Class and distillation tokens have position embeddings too; without this feature (DeiT III) only the patches have
     * them.
     */
    TOKEN_POSITIONS(""),
    PATCH_BIAS("patch_embed.proj.bias"),
    /** A LayerNorm before the first block, as in CLIP. */
    PATCH_NORM("norm_pre.weight"),
    QKV_BIAS("blocks.0.attn.qkv.bias"),
    /** A LayerNorm over each head's queries and keys. */
    QK_NORM("blocks.0.attn.q_norm.weight"),
    /** A factor for each channel on each branch before it is added to the residual stream. */
    LAYER_SCALE("blocks.0.ls1.gamma"),
    /** A LayerNorm on all tokens after the last block. */
    FINAL_NORM("norm.weight"),
    /** A LayerNorm on the pooled vector. */
    POOL_NORM("fc_norm.weight"),
    /** A linear layer and tanh before the head. */
    PRE_LOGITS("pre_logits.fc.weight");

    private final String shownBy;

    ArchitectureFeature(String shownBy) {
        this.shownBy = shownBy;
    }

    /** The features indicated by the parameters that are present. */
    static Set<ArchitectureFeature> shownBy(Predicate<String> present) {
        Set<ArchitectureFeature> features = EnumSet.noneOf(ArchitectureFeature.class);
        for (ArchitectureFeature feature : values()) {
            if (present.test(feature.shownBy)) {
                features.add(feature);
            }
        }
        return features;
    }
}
