package org.vitrail.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingFiles;
import org.vitrail.tensor.VitrailException;

/** Imports checkpoints as graphs, and makes graphs with random weights. */
public final class CheckpointImport {
    /** The largest pictures, in pixels per side, that positions are resampled for. */
    private static final int MAX_RESAMPLED_SIDE = 2048;

    private CheckpointImport() {}

    /**
     * Returns whether a path is a folder or a file of a checkpoint, as opposed to an ONNX file; PyTorch's pickles count
     * too.
     */
    public static boolean recognises(Path path) {
        return CheckpointFiles.recognises(path);
    }

    /**
     * Reads a vision transformer: ViT, DeiT, DINOv2, CLIP's or SigLIP's vision part, BEiT or Swin.
     *
     * @param path a safetensors file, the index of a sharded checkpoint, or a folder that holds either;
     *     {@code config.json} and {@code preprocessor_config.json} are read from beside the tensors
     * @throws VitrailException if the files are damaged, or hold a model that is not imported
     */
    public static ImportedModel read(Path path, ImportOptions options) {
        CheckpointFiles files = CheckpointFiles.open(path);
        Optional<String> configText = files.text("config.json");
        ModelConfig config = configText
                .map(text -> ModelConfig.parse(
                        text, files.folder().resolve("config.json").toString()))
                .orElse(ModelConfig.NONE);
        FileParameters parameters = FileParameters.of(files, config.modelType().flatMap(NamingScheme::ofModelType));
        Built built = parameters.scheme().hasStages()
                ? swin(name(path), new SwinDetection(parameters, config, options).model(), parameters)
                : transformer(path, new ArchitectureDetection(parameters, config, options).model(), parameters, files);
        Architecture model = built.model;
        if (!config.classNames().isEmpty()
                && model.classifies()
                && config.classNames().size() != model.classes()) {
            throw new VitrailException(path + ": its config.json names "
                    + config.classNames().size() + " classes, but its head has " + model.classes());
        }
        return new ImportedModel(
                built.graph,
                model,
                model.classifies() ? config.classNames() : List.of(),
                files.text("preprocessor_config.json"),
                configText,
                files.metadata());
    }

    /** Makes a model of this architecture with random weights: the same seed gives the same weights. */
    public static ImportedModel random(String name, VisionTransformerConfig model, long seed) {
        return new ImportedModel(
                TransformerGraphBuilder.build(name, model, new RandomParameters(seed)),
                model,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    private record Built(Architecture model, Graph graph) {}

    private static Built swin(String name, SwinConfig model, FileParameters parameters) {
        parameters.check(model);
        return new Built(model, SwinGraphBuilder.build(name, model, parameters));
    }

    private static Built transformer(
            Path path, VisionTransformerConfig stored, FileParameters parameters, CheckpointFiles files) {
        parameters.check(stored);
        VisionTransformerConfig model =
                parameters.scheme() == NamingScheme.DINOV2 ? forPictures(stored, files, path) : stored;
        ParameterSource source = stored.patches().perSide() == model.patches().perSide()
                ? parameters
                : new ResampledPositions(parameters, stored, model);
        return new Built(model, TransformerGraphBuilder.build(name(path), model, source));
    }

    /**
     * Returns the architecture for the pictures that the model's preprocessing makes: DINOv2 takes them at any size, in
     * multiples of its patches.
     */
    private static VisionTransformerConfig forPictures(
            VisionTransformerConfig stored, CheckpointFiles files, Path path) {
        return files.text("preprocessor_config.json")
                .flatMap(text -> PreprocessingFiles.ofHuggingFace(
                                text, path + ", preprocessor_config.json", files.text("config.json"))
                        .flatMap(Preprocessing::outputSize))
                .filter(size -> size.height() == size.width()
                        && size.width() % stored.patchSize() == 0
                        && size.width() <= MAX_RESAMPLED_SIDE)
                .map(size -> stored.withImageSize(size.width()))
                .orElse(stored);
    }

    private static String name(Path path) {
        return path.toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("\\.(safetensors|index\\.json)$", "");
    }
}
