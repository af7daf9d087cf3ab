package org.vitrail.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.checkpoint.VisionTransformer.Patches;
import org.vitrail.checkpoint.VisionTransformer.Style;
import org.vitrail.tensor.VitrailException;

/** Reads checkpoints, and makes models with random weights, as graphs. */
public final class CheckpointImport {
    private CheckpointImport() {}

    /**
     * Reads a plain vision transformer.
     *
     * @param path a safetensors file, the index of a checkpoint in shards, or a folder that holds either;
     *     {@code config.json} and {@code preprocessor_config.json} are looked for beside the tensors
     * @throws VitrailException where the files are damaged, or are not those of a plain vision transformer
     */
    public static Imported read(Path path, ImportOptions options) {
        CheckpointFiles files = CheckpointFiles.open(path);
        FileParameters parameters = FileParameters.of(files);
        Optional<String> configText = files.text("config.json");
        ModelConfig config = configText
                .map(text -> ModelConfig.parse(
                        text, files.folder().resolve("config.json").toString()))
                .orElse(ModelConfig.NONE);
        VisionTransformer model = describe(path, parameters, config, options);
        parameters.check(model);
        if (!config.classNames().isEmpty() && config.classNames().size() != model.classes()) {
            throw new VitrailException(path + ": its config.json names "
                    + config.classNames().size() + " classes, but its head has " + model.classes());
        }
        return new Imported(
                TransformerGraph.build(name(path), model, parameters),
                model,
                config.classNames(),
                files.text("preprocessor_config.json"),
                configText,
                files.metadata());
    }

    /** A model of this make with random weights: the same seed gives the same weights. */
    public static Imported random(String name, VisionTransformer model, long seed) {
        return new Imported(
                TransformerGraph.build(name, model, new RandomParameters(seed)),
                model,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private static String name(Path path) {
        return path.toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("\\.(safetensors|index\\.json)$", "");
    }

    /** What the model is made of, from shapes where they show it, else from options, configuration and custom. */
    private static VisionTransformer describe(
            Path path, FileParameters parameters, ModelConfig config, ImportOptions options) {
        if (!parameters.has("head.weight")) {
            throw new VitrailException(path + ": has no classification head ("
                    + parameters.scheme().theirs("head.weight") + "); give a checkpoint that was trained to classify");
        }
        List<Integer> patch = parameters.shape("patch_embed.proj.weight", 4);
        Set<Feature> features = Feature.shownBy(parameters::has);
        NamingScheme scheme = parameters.scheme();
        boolean average = config.averagePooling()
                || features.contains(Feature.POOL_NORM)
                || !features.contains(Feature.CLASS_TOKEN);
        int width = patch.get(0);
        int heads = heads(path, parameters, config, options, width);
        return new VisionTransformer(
                patches(path, parameters, patch, features),
                width,
                parameters.depth(),
                heads,
                parameters.shape("blocks.0.mlp.fc1.weight", 2).get(0),
                parameters.shape("head.weight", 2).get(0),
                features,
                new Style(
                        average ? Pooling.AVERAGE : Pooling.CLASS_TOKEN,
                        options.norm().orElse(scheme.norm),
                        options.activation().or(config::activation).orElse(scheme.activation),
                        options.epsilon().orElse(config.epsilon().orElse(scheme.epsilon))));
    }

    /** The image's size from the number of positions; adds {@link Feature#TOKEN_POSITIONS} where tokens have some. */
    private static Patches patches(Path path, FileParameters parameters, List<Integer> patch, Set<Feature> features) {
        int positions = parameters.shape("pos_embed", 3).get(1);
        int tokens = (features.contains(Feature.CLASS_TOKEN) ? 1 : 0)
                + (features.contains(Feature.DISTILLATION_TOKEN) ? 1 : 0);
        boolean onTokens = tokens > 0 && isSquare(positions - tokens);
        if (!onTokens && !isSquare(positions)) {
            throw new VitrailException(path + ": " + parameters.scheme().theirs("pos_embed") + " has " + positions
                    + " positions, which with " + tokens + " tokens before them are no square of patches");
        }
        if (onTokens) {
            features.add(Feature.TOKEN_POSITIONS);
        }
        int side = (int) Math.sqrt(onTokens ? positions - tokens : positions);
        return new Patches(Math.multiplyExact(side, patch.get(3)), patch.get(3), patch.get(1));
    }

    private static boolean isSquare(int number) {
        int root = (int) Math.sqrt(number);
        return number > 0 && root * root == number;
    }

    /**
     * Heads from options, configuration or the norm of a head; else by the custom of timm, Hugging Face and torchvision:
     * 64 channels a head up to a width of 1024, 16 heads beyond.
     */
    private static int heads(
            Path path, FileParameters parameters, ModelConfig config, ImportOptions options, int width) {
        OptionalInt known = options.heads().isPresent() ? options.heads() : config.heads();
        if (known.isPresent()) {
            return known.getAsInt();
        }
        if (parameters.has("blocks.0.attn.q_norm.weight")) {
            return Math.max(
                    1,
                    width
                            / Math.max(
                                    1,
                                    parameters
                                            .shape("blocks.0.attn.q_norm.weight", 1)
                                            .get(0)));
        }
        boolean customary = parameters.scheme() != NamingScheme.TORCH_ENCODER && width % (width > 1024 ? 16 : 64) == 0;
        if (!customary) {
            throw new VitrailException(path + ": nothing says how many attention heads share its " + width
                    + " channels; give the number of heads");
        }
        return width > 1024 ? 16 : width / 64;
    }
}
