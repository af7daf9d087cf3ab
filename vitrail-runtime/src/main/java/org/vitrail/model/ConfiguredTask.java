package org.vitrail.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Optional;
import org.vitrail.graph.Graph;
import org.vitrail.task.Task;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.VitrailException;

/** What a model is for: what its metadata says, else what the configuration beside it says, else what its outputs show. */
public final class ConfiguredTask {
    /** Metadata of an ONNX file that says what the model is for: the label of a {@link Task.Kind}. */
    public static final String METADATA_KEY = "vitrail.task";

    private ConfiguredTask() {}

    /**
     * The task of a graph.
     *
     * @param metadata the label of a task that the graph's own metadata states
     * @param config the text of {@code config.json}
     * @param where names the model in messages
     */
    public static TaskChoice of(Graph graph, Optional<String> metadata, Optional<String> config, String where) {
        if (metadata.isPresent()) {
            Task.Kind kind = Task.Kind.ofName(metadata.get())
                    .orElseThrow(() -> new VitrailException(where + ", metadata " + METADATA_KEY + ": there is no task "
                            + metadata.get() + "; use a newer Vitrail"));
            return TaskChoice.of(graph, kind, "the model's own metadata");
        }
        return config.flatMap(json -> architecture(json, where))
                .flatMap(name -> Task.Kind.ofArchitecture(name)
                        .flatMap(kind -> TaskChoice.ifFits(graph, kind, "config.json says " + name)))
                .orElseGet(() -> TaskChoice.find(graph));
    }

    /** The class of Hugging Face's transformers that the model is of. */
    private static Optional<String> architecture(String config, String where) {
        try {
            return Optional.of(new ObjectMapper()
                            .readTree(config)
                            .at("/architectures/0")
                            .asText())
                    .filter(name -> !name.isEmpty());
        } catch (JsonProcessingException e) {
            throw new VitrailException(where + ", config.json: is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }
}
