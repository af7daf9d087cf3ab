package org.vitrail.checkpoint;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Graph;

/**
 * A model read from a checkpoint, with its configuration texts. The texts are passed on unchanged; this package does
 * not interpret preprocessing.
 *
 * @param graph input {@code pixel_values} (batch, channels, height, width), output {@code logits} (batch, classes); or, of a
 *     model that does not classify, {@code image_embeds} or {@code pooler_output} (batch, channels)
 * @param model the architecture of the graph
 * @param classNames class names in label order; empty if the files name none
 * @param preprocessorConfig text of {@code preprocessor_config.json}
 * @param config text of {@code config.json}, in which timm stores the preprocessing
 * @param metadata free text by key from the safetensors header
 */
public record ImportedModel(
        Graph graph,
        Architecture model,
        List<String> classNames,
        Optional<String> preprocessorConfig,
        Optional<String> config,
        Map<String, String> metadata) {
    public ImportedModel {
        classNames = List.copyOf(classNames);
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    }
}
