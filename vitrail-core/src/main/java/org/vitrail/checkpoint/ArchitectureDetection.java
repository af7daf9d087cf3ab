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
    private static final String PROJECTION_WEIGHT = "visual_projection.weight";
    private static final String QUERY_NORM = "blocks.0.attn.q_norm.weight";

    VisionTransformerConfig model() {
        boolean classifies = parameters.has(HEAD_WEIGHT);
        dropUnused(classifies);
        Set<ArchitectureFeature> features = ArchitectureFeature.shownBy(parameters::has);
        requireConfiguration(features);
        if (!classifies && !features.contains(ArchitectureFeature.PROJECTION)) {
            requireEmbedding();
            features.add(ArchitectureFeature.HEADLESS);
        }
        List<Integer> patch = parameters.shape("patch_embed.proj.weight", 4);
        int width = patch.getFirst();
        int mlpWidth = parameters.shape("blocks.0.mlp.fc2.weight", 2).get(1);
        if (parameters.shape("blocks.0.mlp.fc1.weight", 2).getFirst() == 2L * mlpWidth) {
            features.add(ArchitectureFeature.GATED_MLP);
        }
        int imageSize = new PositionDetection(parameters, config, patch.get(3)).imageSize(features);
        try {
            return new VisionTransformerConfig(
                    new Patches(imageSize, patch.get(3), patch.get(1)),
                    width,
                    parameters.depth(),
                    heads(width, features),
                    mlpWidth,
                    outputs(width, features),
                    PositionDetection.registers(parameters),
                    features,
                    style(features));
        } catch (VitrailException e) {
            throw parameters.error(e.getMessage());
        }
    }

    /** Forgets the norm and the pooling that Hugging Face's classifiers of CLIP and SigLIP hold but do not run. */
    private void dropUnused(boolean classifies) {
        if (classifies && parameters.scheme() == NamingScheme.CLIP) {
            parameters.drop("norm.");
        }
        if (classifies && parameters.scheme() == NamingScheme.SIGLIP) {
            parameters.drop("attn_pool.");
        }
    }

    /**
     * Throws if timm has architectures with the same keys that compute differently, and neither the configuration nor
     * the options say which one it is.
     */
    private void requireConfiguration(Set<ArchitectureFeature> features) {
        if (parameters.scheme() != NamingScheme.TIMM || config.architecture().isPresent()) {
            return;
        }
        boolean scaled = features.contains(ArchitectureFeature.LAYER_SCALE);
        if (features.contains(ArchitectureFeature.PATCH_NORM)
                && (options.activation().isEmpty() || options.epsilon().isEmpty())) {
            throw open("norm_pre", "with GELU or quick GELU", "the activation and the epsilon");
        }
        if (parameters.has("attn_pool.latent") && options.activation().isEmpty()) {
            throw open("attn_pool", "with GELU or its approximation by tanh", "the activation");
        }
        if (scaled
                && parameters.holds("blocks.0.gamma_1")
                && PositionDetection.relativeTable(features).isEmpty()) {
            throw open("blocks.0.gamma_1", "with rotary positions", "config.json");
        }
        if (scaled
                && !features.contains(ArchitectureFeature.CLASS_TOKEN)
                && options.norm().isEmpty()) {
            throw open("blocks.0.ls1", "with norms before or after attention and MLP", "the position of the norms");
        }
    }

    private VitrailException open(String key, String variants, String wanted) {
        return parameters.error("there is no config.json, and timm has models with the key " + key + " that differ ("
                + variants + "): give the folder with config.json, or " + wanted);
    }

    /** Throws if a model without a head has no other purpose. */
    private void requireEmbedding() {
        if (!parameters.scheme().embeds() && !config.headless()) {
            throw parameters.error("there is no classification head ("
                    + parameters.scheme().theirs(HEAD_WEIGHT) + "); give a checkpoint that was trained to classify");
        }
        if (parameters.scheme() == NamingScheme.SIGLIP && !parameters.has("attn_pool.latent")) {
            throw parameters.error(
                    "there is no pooling head (" + parameters.scheme().theirs("attn_pool.latent")
                            + "), so that the model has no vector for a picture; export the model to ONNX and give that file");
        }
    }

    private int outputs(int width, Set<ArchitectureFeature> features) {
        if (features.contains(ArchitectureFeature.HEADLESS)) {
            return width;
        }
        String head = features.contains(ArchitectureFeature.PROJECTION) ? PROJECTION_WEIGHT : HEAD_WEIGHT;
        return parameters.shape(head, 2).getFirst();
    }

    /**
     * Finds the number of heads in options, the configuration, the shape of a QK norm or of a table of relative
     * positions; else uses the convention of timm, Hugging Face and torchvision: 64 channels per head up to a width of
     * 1024, 16 heads beyond.
     */
    private int heads(int width, Set<ArchitectureFeature> features) {
        OptionalInt known = options.heads().isPresent() ? options.heads() : config.heads();
        if (known.isPresent()) {
            return known.getAsInt();
        }
        if (parameters.has(QUERY_NORM)) {
            return width / parameters.shape(QUERY_NORM, 1).getFirst();
        }
        if (PositionDetection.relativeTable(features).isPresent()) {
            return parameters
                    .shape(PositionDetection.relativeTable(features).get(), 2)
                    .get(1);
        }
        if (parameters.scheme() == NamingScheme.TORCH_ENCODER || width % (width > 1024 ? 16 : 64) != 0) {
            throw parameters.error("the number of attention heads for its " + width
                    + " channels is not known; give the number of heads");
        }
        return width > 1024 ? 16 : width / 64;
    }

    private Style style(Set<ArchitectureFeature> features) {
        NamingScheme scheme = parameters.scheme();
        return new Style(
                config.pooling().orElseGet(() -> pooling(features)),
                options.norm().orElse(scheme.norm),
                options.activation().or(config::activation).orElse(scheme.activation),
                options.epsilon().orElse(config.epsilon().orElse(scheme.epsilon)));
    }

    private Pooling pooling(Set<ArchitectureFeature> features) {
        boolean classifies = parameters.has(HEAD_WEIGHT);
        if (parameters.has("attn_pool.latent")) {
            return Pooling.ATTENTION;
        }
        if (classifies && parameters.scheme() == NamingScheme.DINOV2) {
            return Pooling.CLASS_TOKEN_AND_AVERAGE;
        }
        boolean average = features.contains(ArchitectureFeature.POOL_NORM)
                || !features.contains(ArchitectureFeature.CLASS_TOKEN)
                || (classifies && parameters.scheme() == NamingScheme.CLIP);
        return average ? Pooling.AVERAGE : Pooling.CLASS_TOKEN;
    }
}
