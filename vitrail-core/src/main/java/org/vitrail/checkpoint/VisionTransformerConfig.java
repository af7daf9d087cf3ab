package org.vitrail.checkpoint;

import static org.vitrail.checkpoint.ArchitectureFeature.CLASS_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_HEAD;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.FINAL_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.LAYER_SCALE;
import static org.vitrail.checkpoint.ArchitectureFeature.PATCH_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.PATCH_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.POOL_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.PRE_LOGITS;
import static org.vitrail.checkpoint.ArchitectureFeature.QKV_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.QK_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.TOKEN_POSITIONS;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.tensor.VitrailException;

/**
 * The architecture of a plain vision transformer (Dosovitskiy et al. 2021; Touvron et al. 2021, 2022); with the
 * parameters it determines the graph.
 *
 * @param patches how the image is divided into patches
 * @param width channels of the residual stream
 * @param depth number of blocks
 * @param heads attention heads per block
 * @param mlpWidth channels of the MLP's hidden layer
 * @param classes number of classes, the extent of the logits
 */
public record VisionTransformerConfig(
        Patches patches,
        int width,
        int depth,
        int heads,
        int mlpWidth,
        int classes,
        Set<ArchitectureFeature> features,
        Style style) {

    /** Square images of {@code channels} channels, divided into square patches; extents in pixels. */
    public record Patches(int imageSize, int patchSize, int channels) {
        public Patches {
            positive("image size", imageSize);
            positive("patch size", patchSize);
            positive("number of image channels", channels);
            if (imageSize % patchSize != 0) {
                throw new VitrailException("an image of " + imageSize
                        + " pixels per side cannot be divided into patches of " + patchSize + ": choose a multiple");
            }
        }

        public int count() {
            return (imageSize / patchSize) * (imageSize / patchSize);
        }
    }

    /**
     * Properties that neither key names nor shapes indicate. {@code epsilon} is the value that LayerNorm adds to the
     * variance.
     */
    public record Style(Pooling pooling, NormPlacement norm, ActivationFunction activation, double epsilon) {
        public Style {
            if (!(epsilon > 0 && epsilon < 1)) {
                throw new VitrailException("the LayerNorm epsilon must lie between 0 and 1, got " + epsilon);
            }
        }
    }

    public VisionTransformerConfig {
        positive("width", width);
        positive("number of blocks", depth);
        positive("number of attention heads", heads);
        positive("MLP width", mlpWidth);
        positive("number of classes", classes);
        features = Set.copyOf(features);
        if (width % heads != 0) {
            throw new VitrailException(
                    "a width of " + width + " cannot be divided among " + heads + " attention heads: choose a divisor");
        }
        boolean needsClassToken = style.pooling == Pooling.CLASS_TOKEN || features.contains(DISTILLATION_TOKEN);
        if (needsClassToken && !features.contains(CLASS_TOKEN)) {
            throw new VitrailException("a head on the class token, or a distillation token, needs a class token, which"
                    + " the model does not have");
        }
        if (features.contains(DISTILLATION_HEAD) && !features.contains(DISTILLATION_TOKEN)) {
            throw new VitrailException("a distillation head needs a distillation token, which the model does not have");
        }
    }

    private static void positive(String what, int value) {
        if (!(value > 0)) {
            throw new VitrailException("the " + what + " must be positive, got " + value);
        }
    }

    public boolean has(ArchitectureFeature feature) {
        return features.contains(feature);
    }

    public int headSize() {
        return width / heads;
    }

    /** The number of class and distillation tokens, which precede the patches. */
    public int prefixTokens() {
        return (has(CLASS_TOKEN) ? 1 : 0) + (has(DISTILLATION_TOKEN) ? 1 : 0);
    }

    public int tokens() {
        return prefixTokens() + patches.count();
    }

    /** Returns the same architecture for square images of another size. */
    public VisionTransformerConfig withImageSize(int imageSize) {
        Patches cut = new Patches(imageSize, patches.patchSize, patches.channels);
        return new VisionTransformerConfig(cut, width, depth, heads, mlpWidth, classes, features, style);
    }

    /** The total number of parameters. */
    public long parameterCount() {
        return parameters().values().stream()
                .mapToLong(shape -> shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact))
                .sum();
    }

    /** All parameters by their names in timm, with their shapes there (linear layers [out, in]), in order of use. */
    public Map<String, List<Integer>> parameters() {
        Map<String, List<Integer>> all = new LinkedHashMap<>();
        putIf(has(CLASS_TOKEN), all, "cls_token", 1, 1, width);
        putIf(has(DISTILLATION_TOKEN), all, "dist_token", 1, 1, width);
        int positions = patches.count() + (has(TOKEN_POSITIONS) ? prefixTokens() : 0);
        all.put("pos_embed", List.of(1, positions, width));
        all.put("patch_embed.proj.weight", List.of(width, patches.channels, patches.patchSize, patches.patchSize));
        putIf(has(PATCH_BIAS), all, "patch_embed.proj.bias", width);
        norm(has(PATCH_NORM), all, "norm_pre", width);
        for (int block = 0; block < depth; block++) {
            String prefix = "blocks." + block + ".";
            norm(true, all, prefix + "norm1", width);
            all.put(prefix + "attn.qkv.weight", List.of(3 * width, width));
            putIf(has(QKV_BIAS), all, prefix + "attn.qkv.bias", 3 * width);
            norm(has(QK_NORM), all, prefix + "attn.q_norm", headSize());
            norm(has(QK_NORM), all, prefix + "attn.k_norm", headSize());
            linear(true, all, prefix + "attn.proj", width, width);
            putIf(has(LAYER_SCALE), all, prefix + "ls1.gamma", width);
            norm(true, all, prefix + "norm2", width);
            linear(true, all, prefix + "mlp.fc1", width, mlpWidth);
            linear(true, all, prefix + "mlp.fc2", mlpWidth, width);
            putIf(has(LAYER_SCALE), all, prefix + "ls2.gamma", width);
        }
        norm(has(FINAL_NORM), all, "norm", width);
        norm(has(POOL_NORM), all, "fc_norm", width);
        linear(has(PRE_LOGITS), all, "pre_logits.fc", width, width);
        linear(true, all, "head", width, classes);
        linear(has(DISTILLATION_HEAD), all, "head_dist", width, classes);
        return all;
    }

    private static void norm(boolean present, Map<String, List<Integer>> all, String name, int width) {
        putIf(present, all, name + ".weight", width);
        putIf(present, all, name + ".bias", width);
    }

    private static void linear(boolean present, Map<String, List<Integer>> all, String name, int in, int out) {
        putIf(present, all, name + ".weight", out, in);
        putIf(present, all, name + ".bias", out);
    }

    private static void putIf(boolean present, Map<String, List<Integer>> all, String name, Integer... shape) {
        if (present) {
            all.put(name, List.of(shape));
        }
    }
}
