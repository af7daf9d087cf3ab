package org.vitrail.checkpoint;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.checkpoint.VisionTransformerConfig.Patches;
import org.vitrail.checkpoint.VisionTransformerConfig.Style;
import org.vitrail.tensor.VitrailException;

/**
 * Detects the architecture of a checkpoint's model: from parameter shapes where they determine it, else from options,
 * the configuration, or the library's conventions.
 */
record ArchitectureDetection(FileParameters parameters, ModelConfig config, ImportOptions options) {
    private static final String HEAD_WEIGHT = "head.weight";
    private static final String QUERY_NORM = "blocks.0.attn.q_norm.weight";

    VisionTransformerConfig model() {
        if (!parameters.has(HEAD_WEIGHT)) {
            throw parameters.error("there is no classification head ("
                    + parameters.scheme().theirs(HEAD_WEIGHT) + "); give a checkpoint that was trained to classify");
        }
        List<Integer> patch = parameters.shape("patch_embed.proj.weight", 4);
        int width = patch.getFirst();
        Set<ArchitectureFeature> features = ArchitectureFeature.shownBy(parameters::has);
        int side = patchesPerSide(features);
        int heads = heads(width);
        int mlpWidth = parameters.shape("blocks.0.mlp.fc1.weight", 2).getFirst();
        int classes = parameters.shape(HEAD_WEIGHT, 2).getFirst();
        try {
            Patches patches = new Patches(side * patch.get(3), patch.get(3), patch.get(1));
            return new VisionTransformerConfig(
                    patches, width, parameters.depth(), heads, mlpWidth, classes, features, style(features));
        } catch (VitrailException e) {
            throw parameters.error(e.getMessage());
        }
    }

    /**
     * Derives the patches per side from the number of positions; adds {@link ArchitectureFeature#TOKEN_POSITIONS} if
     * the tokens before the patches have positions.
     */
    private int patchesPerSide(Set<ArchitectureFeature> features) {
        int positions = parameters.shape("pos_embed", 3).get(1);
        int tokens = (features.contains(ArchitectureFeature.CLASS_TOKEN) ? 1 : 0)
                + (features.contains(ArchitectureFeature.DISTILLATION_TOKEN) ? 1 : 0);
        int side = root(positions - tokens);
        if (tokens > 0 && side > 0) {
            features.add(ArchitectureFeature.TOKEN_POSITIONS);
            return side;
        }
        if (root(positions) == 0) {
            throw parameters.error(parameters.scheme().theirs("pos_embed") + " has " + positions
                    + " positions, which is not a square number of patches, neither with nor without " + tokens
                    + " for other tokens; export the model to ONNX and give that file");
        }
        return root(positions);
    }

    /** Returns the square root of a square number, else 0. */
    private static int root(int number) {
        int root = (int) Math.sqrt(Math.max(0, number));
        return root * root == number ? root : 0;
    }

    /**
     * Finds the number of heads in options, the configuration or the shape of a QK norm; else uses the convention of
     * timm, Hugging Face and torchvision: 64 channels per head up to a width of 1024, 16 heads beyond.
     */
    private int heads(int width) {
        OptionalInt known = options.heads().isPresent() ? options.heads() : config.heads();
        if (known.isPresent()) {
            return known.getAsInt();
        }
        if (parameters.has(QUERY_NORM)) {
            return width / parameters.shape(QUERY_NORM, 1).getFirst();
        }
        if (parameters.scheme() == NamingScheme.TORCH_ENCODER || width % (width > 1024 ? 16 : 64) != 0) {
            throw parameters.error("the number of attention heads for its " + width
                    + " channels is not known; give the number of heads");
        }
        return width > 1024 ? 16 : width / 64;
    }

    private Style style(Set<ArchitectureFeature> features) {
        NamingScheme scheme = parameters.scheme();
        boolean average = config.averagePooling()
                || features.contains(ArchitectureFeature.POOL_NORM)
                || !features.contains(ArchitectureFeature.CLASS_TOKEN);
        return new Style(
                average ? Pooling.AVERAGE : Pooling.CLASS_TOKEN,
                options.norm().orElse(scheme.norm),
                options.activation().or(config::activation).orElse(scheme.activation),
                options.epsilon().orElse(config.epsilon().orElse(scheme.epsilon)));
    }
}
