package org.vitrail.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Graph;

/**
 * A model read from a checkpoint, with what its files say about using it. The texts are handed on as they are: how to
 * prepare an image is none of this package's business.
 *
 * @param graph input {@code pixel_values} (batch, channels, height, width), output {@code logits} (batch, classes)
 * @param model what the graph is made of
 * @param classNames in label order; empty where the files name none
 * @param preprocessorConfig text of {@code preprocessor_config.json}
 * @param config text of {@code config.json}; timm keeps the preprocessing in it
 * @param metadata free text by key from the safetensors header
 */
public record ImportedModel(
        Graph graph,
        VisionTransformerConfig model,
        List<String> classNames,
        Optional<String> preprocessorConfig,
        Optional<String> config,
        Map<String, String> metadata) {
    public ImportedModel {
        classNames = List.copyOf(classNames);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
