package org.vitrail.checkpoint;

import static org.vitrail.checkpoint.ArchitectureFeature.CLASS_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_HEAD;
import static org.vitrail.checkpoint.ArchitectureFeature.DISTILLATION_TOKEN;
import static org.vitrail.checkpoint.ArchitectureFeature.FINAL_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.GATED_MLP;
import static org.vitrail.checkpoint.ArchitectureFeature.HEADLESS;
import static org.vitrail.checkpoint.ArchitectureFeature.LAYER_SCALE;
import static org.vitrail.checkpoint.ArchitectureFeature.NO_POSITIONS;
import static org.vitrail.checkpoint.ArchitectureFeature.PATCH_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.PATCH_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.POOL_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.PRE_LOGITS;
import static org.vitrail.checkpoint.ArchitectureFeature.PROJECTION;
import static org.vitrail.checkpoint.ArchitectureFeature.QKV_BIAS;
import static org.vitrail.checkpoint.ArchitectureFeature.QK_NORM;
import static org.vitrail.checkpoint.ArchitectureFeature.REGISTER_TOKENS;
import static org.vitrail.checkpoint.ArchitectureFeature.RELATIVE_POSITIONS;
import static org.vitrail.checkpoint.ArchitectureFeature.SHARED_RELATIVE_POSITIONS;
import static org.vitrail.checkpoint.ArchitectureFeature.TOKEN_POSITIONS;
import static org.vitrail.checkpoint.ArchitectureFeature.UNPLACED_REGISTERS;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.tensor.VitrailException;

/**
 * The architecture of a vision transformer of one resolution (Dosovitskiy et al. 2021; Touvron et al. 2021, 2022;
 * DINOv2, CLIP, SigLIP and BEiT are of the same kind); with the parameters it determines the graph.
 *
 * @param patches how the image is divided into patches
 * @param width channels of the residual stream
 * @param depth number of blocks
 * @param heads attention heads per block
 * @param mlpWidth channels of the MLP's hidden layer
 * @param classes number of classes, the extent of the logits; without a head the extent of the output
 * @param registers number of register tokens
 */
public record VisionTransformerConfig(
        Patches patches,
        int width,
        int depth,
        int heads,
        int mlpWidth,
        int classes,
        int registers,
        Set<ArchitectureFeature> features,
        Style style)
        implements Architecture {

    /** An architecture without register tokens. */
    public VisionTransformerConfig(
            Patches patches,
            int width,
            int depth,
            int heads,
            int mlpWidth,
            int classes,
            Set<ArchitectureFeature> features,
            Style style) {
        this(patches, width, depth, heads, mlpWidth, classes, 0, features, style);
    }

    /**
     * Square images of {@code channels} channels, divided into square patches; extents in pixels. A rest of the image
     * that fills no patch is not read.
     */
    public record Patches(int imageSize, int patchSize, int channels) {
        public Patches {
            positive("image size", imageSize);
            positive("patch size", patchSize);
            positive("number of image channels", channels);
            if (imageSize < patchSize) {
                throw new VitrailException(
                        "an image of " + imageSize + " pixels per side is smaller than a patch of " + patchSize);
            }
        }

        public int perSide() {
            return imageSize / patchSize;
        }

        public int count() {
            return perSide() * perSide();
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
        if ((registers > 0) != features.contains(REGISTER_TOKENS)) {
            throw new VitrailException("register tokens need a number above 0, got " + registers);
        }
        if (width % heads != 0) {
            throw new VitrailException(
                    "a width of " + width + " cannot be divided among " + heads + " attention heads: choose a divisor");
        }
        boolean needsClassToken = style.pooling == Pooling.CLASS_TOKEN
                || style.pooling == Pooling.CLASS_TOKEN_AND_AVERAGE
                || features.contains(DISTILLATION_TOKEN);
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

    @Override
    public boolean classifies() {
        return !has(HEADLESS) && !has(PROJECTION);
    }

    @Override
    public int imageSize() {
        return patches.imageSize;
    }

    @Override
    public int patchSize() {
        return patches.patchSize;
    }

    @Override
    public String describeBlocks() {
        return depth + " blocks, width " + width + ", " + heads + " heads, MLP " + mlpWidth;
    }

    @Override
    public String describeTokens() {
        return tokens() + " tokens";
    }

    public int headSize() {
        return width / heads;
    }

    /** The number of class, distillation and register tokens, which precede the patches. */
    public int prefixTokens() {
        return (has(CLASS_TOKEN) ? 1 : 0) + (has(DISTILLATION_TOKEN) ? 1 : 0) + registers;
    }

    /** The number of position embeddings. */
    int positions() {
        int placed = has(UNPLACED_REGISTERS) ? prefixTokens() - registers : prefixTokens();
        return patches.count() + (has(TOKEN_POSITIONS) ? placed : 0);
    }

    /** Channels of the first layer of an MLP. */
    private int mlpInner() {
        return has(GATED_MLP) ? Math.multiplyExact(2, mlpWidth) : mlpWidth;
    }

    /** The number of rows of a table of relative positions: distances in the grid, and three for the class token. */
    private int distances() {
        int perAxis = 2 * patches.perSide() - 1;
        return perAxis * perAxis + 3;
    }

    public int tokens() {
        return prefixTokens() + patches.count();
    }

    /** Returns the same architecture for square images of another size, a multiple of the patch size. */
    public VisionTransformerConfig withImageSize(int imageSize) {
        if (imageSize % patches.patchSize != 0) {
            throw new VitrailException(
                    "an image of " + imageSize + " pixels per side cannot be divided into patches of "
                            + patches.patchSize + ": choose a multiple");
        }
        Patches cut = new Patches(imageSize, patches.patchSize, patches.channels);
        return new VisionTransformerConfig(cut, width, depth, heads, mlpWidth, classes, registers, features, style);
    }

    @Override
    public Map<String, List<Integer>> parameters() {
        Map<String, List<Integer>> all = new LinkedHashMap<>();
        putIf(has(CLASS_TOKEN), all, "cls_token", 1, 1, width);
        putIf(has(DISTILLATION_TOKEN), all, "dist_token", 1, 1, width);
        putIf(registers > 0, all, "reg_token", 1, registers, width);
        putIf(!has(NO_POSITIONS), all, "pos_embed", 1, positions(), width);
        all.put("patch_embed.proj.weight", List.of(width, patches.channels, patches.patchSize, patches.patchSize));
        putIf(has(PATCH_BIAS), all, "patch_embed.proj.bias", width);
        norm(has(PATCH_NORM), all, "norm_pre", width);
        putIf(has(SHARED_RELATIVE_POSITIONS), all, "rel_pos_bias.relative_position_bias_table", distances(), heads);
        for (int block = 0; block < depth; block++) {
            String prefix = "blocks." + block + ".";
            norm(true, all, prefix + "norm1", width);
            all.put(prefix + "attn.qkv.weight", List.of(3 * width, width));
            putIf(has(QKV_BIAS), all, prefix + "attn.qkv.bias", 3 * width);
            norm(has(QK_NORM), all, prefix + "attn.q_norm", headSize());
            norm(has(QK_NORM), all, prefix + "attn.k_norm", headSize());
            putIf(has(RELATIVE_POSITIONS), all, prefix + "attn.relative_position_bias_table", distances(), heads);
            linear(true, all, prefix + "attn.proj", width, width);
            putIf(has(LAYER_SCALE), all, prefix + "ls1.gamma", width);
            norm(true, all, prefix + "norm2", width);
            linear(true, all, prefix + "mlp.fc1", width, mlpInner());
            linear(true, all, prefix + "mlp.fc2", mlpWidth, width);
            putIf(has(LAYER_SCALE), all, prefix + "ls2.gamma", width);
        }
        norm(has(FINAL_NORM), all, "norm", width);
        attentionPool(all);
        norm(has(POOL_NORM), all, "fc_norm", width);
        linear(has(PRE_LOGITS), all, "pre_logits.fc", width, width);
        putIf(has(PROJECTION), all, "visual_projection.weight", classes, width);
        int pooled = style.pooling == Pooling.CLASS_TOKEN_AND_AVERAGE ? Math.multiplyExact(2, width) : width;
        linear(classifies(), all, "head", pooled, classes);
        linear(has(DISTILLATION_HEAD), all, "head_dist", width, classes);
        return all;
    }

    private void attentionPool(Map<String, List<Integer>> all) {
        boolean present = style.pooling == Pooling.ATTENTION;
        putIf(present, all, "attn_pool.latent", 1, 1, width);
        linear(present, all, "attn_pool.qkv", width, 3 * width);
        linear(present, all, "attn_pool.proj", width, width);
        norm(present, all, "attn_pool.norm", width);
        linear(present, all, "attn_pool.mlp.fc1", width, mlpInner());
        linear(present, all, "attn_pool.mlp.fc2", mlpWidth, width);
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
