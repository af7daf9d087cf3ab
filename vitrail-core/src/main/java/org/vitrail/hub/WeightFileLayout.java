package org.vitrail.hub;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Layouts of weight files in repositories, in order of preference; of each repository one is used.
 *
 * <p>In the cache all files of a snapshot are in one folder, so an ONNX file finds its configuration beside it.
 */
enum WeightFileLayout {
    SAFETENSORS("model.safetensors", List.of()),
    SHARDS("model.safetensors.index.json", List.of()),
    ONNX_IN_FOLDER("onnx/model.onnx", List.of("onnx/model.onnx_data", "onnx/model.onnx.data")),
    ONNX("model.onnx", List.of("model.onnx_data", "model.onnx.data"));

    /** The configuration files, which describe how the model is used. */
    static final List<String> CONFIGURATION = List.of("config.json", "preprocessor_config.json");

    /** PyTorch's older format, which is not read; it is only looked for to explain that. */
    static final String PICKLE = "pytorch_model.bin";

    private final String path;
    private final List<String> companions;

    WeightFileLayout(String path, List<String> companions) {
        this.path = path;
        this.companions = companions;
    }

    /** The path of the main file in the repository. */
    String path() {
        return path;
    }

    /** Files with further weights, in repositories that have them. */
    List<String> companions() {
        return companions;
    }

    /** All main paths; every model has one of them. */
    static List<String> everyPath() {
        return Stream.concat(CONFIGURATION.stream(), Arrays.stream(values()).map(WeightFileLayout::path))
                .toList();
    }

    /** The name of the main file in the cache. */
    String fileName() {
        return fileName(path);
    }

    static String fileName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
