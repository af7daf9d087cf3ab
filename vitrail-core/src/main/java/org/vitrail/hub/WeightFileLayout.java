package org.vitrail.hub;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files that a model is taken from, the best first; of each repository one row is used.
 *
 * <p>In the cache all files of a snapshot lie in one folder, so an ONNX file finds the configuration beside it.
 */
enum WeightFileLayout {
    SAFETENSORS("model.safetensors", List.of()),
    SHARDS("model.safetensors.index.json", List.of()),
    ONNX_IN_FOLDER("onnx/model.onnx", List.of("onnx/model.onnx_data", "onnx/model.onnx.data")),
    ONNX("model.onnx", List.of("model.onnx_data", "model.onnx.data"));

    /** What says how the model is used. */
    static final List<String> CONFIGURATION = List.of("config.json", "preprocessor_config.json");

    /** What PyTorch wrote before there was anything better; only looked for to say so. */
    static final String PICKLE = "pytorch_model.bin";

    private final String path;
    private final List<String> companions;

    WeightFileLayout(String path, List<String> companions) {
        this.path = path;
        this.companions = companions;
    }

    /** In the repository. */
    String path() {
        return path;
    }

    /** Files with the rest of the weights, in repositories that have them. */
    List<String> companions() {
        return companions;
    }

    /** Paths of which every model has one. */
    static List<String> everyPath() {
        return Stream.concat(CONFIGURATION.stream(), Arrays.stream(values()).map(WeightFileLayout::path))
                .toList();
    }

    /** In the cache. */
    String fileName() {
        return fileName(path);
    }

    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
