package org.vitrail.checkpoint;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.tensor.VitrailException;

/** Imports checkpoints as graphs, and makes graphs with random weights. */
public final class CheckpointImport {
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
        Architecture model = parameters.scheme().hasStages()
                ? new SwinDetection(parameters, config, options).model()
                : new ArchitectureDetection(parameters, config, options).model();
        parameters.check(model);
        if (!config.classNames().isEmpty()
                && model.classifies()
                && config.classNames().size() != model.classes()) {
            throw new VitrailException(path + ": its config.json names "
                    + config.classNames().size() + " classes, but its head has " + model.classes());
        }
        return new ImportedModel(
                graph(name(path), model, parameters),
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

    private static Graph graph(String name, Architecture model, ParameterSource parameters) {
        return switch (model) {
            case VisionTransformerConfig transformer -> TransformerGraphBuilder.build(name, transformer, parameters);
            case SwinConfig swin -> SwinGraphBuilder.build(name, swin, parameters);
        };
    }

    private static String name(Path path) {
        return path.toAbsolutePath()
                .normalize()
                .getFileName()
                .toString()
                .replaceFirst("\\.(safetensors|index\\.json)$", "");
    }
}
