package org.vitrail.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.vitrail.checkpoint.VisionTransformerConfig.Patches;
import org.vitrail.tensor.VitrailException;

/**
 * The architecture of a Swin transformer (Liu et al. 2021): stages of blocks that attend within square windows; between
 * two stages, 2 × 2 patches become one of twice the width.
 *
 * @param patches how the image is divided into patches
 * @param classes number of classes, the extent of the logits; without a head the extent of the output
 * @param epsilon the value that LayerNorm adds to the variance
 * @param mergeEpsilon the same, for the norms of the patch embedding and of patch merging
 */
public record SwinConfig(
        Patches patches,
        List<Stage> stages,
        int classes,
        Set<Part> parts,
        ActivationFunction activation,
        double epsilon,
        double mergeEpsilon)
        implements Architecture {

    /** Parts that not every Swin transformer has. */
    public enum Part {
        /** A position embedding for each patch. */
        POSITIONS,
        QKV_BIAS,
        /** A linear layer to classes; without it the output is the pooled vector. */
        HEAD
    }

    /**
     * Blocks of one width. Every second block shifts its windows by half of their side, where there are several.
     *
     * @param window patches per side of a window
     */
    public record Stage(int width, int depth, int heads, int window, int mlpWidth) {
        public Stage {
            if (!(width > 0 && depth > 0 && heads > 0 && window > 0 && mlpWidth > 0) || width % heads != 0) {
                throw new VitrailException("a stage needs positive extents, and a width that its heads divide, got "
                        + width + " channels, " + depth + " blocks, " + heads + " heads, windows of " + window
                        + " and an MLP of " + mlpWidth);
            }
        }
    }

    public SwinConfig {
        stages = List.copyOf(stages);
        parts = Set.copyOf(parts);
        for (double value : new double[] {epsilon, mergeEpsilon}) {
            if (!(value > 0 && value < 1)) {
                throw new VitrailException("the LayerNorm epsilon must lie between 0 and 1, got " + value);
            }
        }
        for (int i = 0; i < stages.size(); i++) {
            int side = patches.perSide() >> i;
            int window = stages.get(i).window;
            if (side << i != patches.perSide() || side < window || side % window != 0) {
                throw new VitrailException("images of " + patches.imageSize() + " pixels per side do not divide into"
                        + " windows of " + window + " patches in stage " + i + "; such images need padding, which is"
                        + " not done: export the model to ONNX and give that file");
            }
        }
    }

    /** Patches per side in a stage. */
    int side(int stage) {
        return patches.perSide() >> stage;
    }

    /** Patches by which a block's windows are shifted. */
    int shift(int stage, int block) {
        int window = stages.get(stage).window;
        return block % 2 == 1 && side(stage) > window ? window / 2 : 0;
    }

    public boolean has(Part part) {
        return parts.contains(part);
    }

    @Override
    public int imageSize() {
        return patches.imageSize();
    }

    @Override
    public int patchSize() {
        return patches.patchSize();
    }

    @Override
    public String describeBlocks() {
        return stages.stream()
                .map(stage -> stage.depth + " blocks of width " + stage.width + " with " + stage.heads + " heads")
                .collect(Collectors.joining(", "));
    }

    @Override
    public String describeTokens() {
        return patches.count() + " tokens in windows of " + stages.getFirst().window * stages.getFirst().window;
    }

    @Override
    public boolean classifies() {
        return has(Part.HEAD);
    }

    @Override
    public Map<String, List<Integer>> parameters() {
        Map<String, List<Integer>> all = new LinkedHashMap<>();
        int first = stages.getFirst().width;
        all.put(
                "patch_embed.proj.weight",
                List.of(first, patches.channels(), patches.patchSize(), patches.patchSize()));
        all.put("patch_embed.proj.bias", List.of(first));
        norm(all, "patch_embed.norm", first);
        if (has(Part.POSITIONS)) {
            all.put("pos_embed", List.of(1, patches.count(), first));
        }
        for (int i = 0; i < stages.size(); i++) {
            for (int block = 0; block < stages.get(i).depth; block++) {
                block(all, "layers." + i + ".blocks." + block + ".", stages.get(i));
            }
            if (i + 1 < stages.size()) {
                norm(all, "merges." + i + ".norm", 4 * stages.get(i).width);
                all.put("merges." + i + ".reduction.weight", List.of(stages.get(i + 1).width, 4 * stages.get(i).width));
            }
        }
        int last = stages.getLast().width;
        norm(all, "norm", last);
        if (has(Part.HEAD)) {
            linear(all, "head", last, classes);
        }
        return all;
    }

    private void block(Map<String, List<Integer>> all, String prefix, Stage stage) {
        norm(all, prefix + "norm1", stage.width);
        all.put(prefix + "attn.qkv.weight", List.of(3 * stage.width, stage.width));
        if (has(Part.QKV_BIAS)) {
            all.put(prefix + "attn.qkv.bias", List.of(3 * stage.width));
        }
        int perAxis = 2 * stage.window - 1;
        all.put(prefix + "attn.relative_position_bias_table", List.of(perAxis * perAxis, stage.heads));
        linear(all, prefix + "attn.proj", stage.width, stage.width);
        norm(all, prefix + "norm2", stage.width);
        linear(all, prefix + "mlp.fc1", stage.width, stage.mlpWidth);
        linear(all, prefix + "mlp.fc2", stage.mlpWidth, stage.width);
    }

    private static void norm(Map<String, List<Integer>> all, String name, int width) {
        all.put(name + ".weight", List.of(width));
        all.put(name + ".bias", List.of(width));
    }

    private static void linear(Map<String, List<Integer>> all, String name, int in, int out) {
        all.put(name + ".weight", List.of(out, in));
        all.put(name + ".bias", List.of(out));
    }
}
