package org.vitrail.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.vitrail.task.OutputEvidence;
import org.vitrail.task.ScoreForm;
import org.vitrail.task.Task;
import org.vitrail.task.TaskChoice;
import org.vitrail.tensor.VitrailException;

/** Finds the task of a model: from its metadata, else the configuration beside it, else its outputs. */
public final class ConfiguredTask {
    /** Metadata of an ONNX file that says what the model is for: the label of a {@link Task.Kind}. */
    public static final String METADATA_KEY = "vitrail.task";

    /** Metadata of an ONNX file that says how outputs are read where the graph does not show it. */
    static final String OUTPUTS_KEY = "vitrail.outputs";

    /** The value of {@link #OUTPUTS_KEY} for logits of a sigmoid. */
    private static final String SIGMOID = "sigmoid";

    /** The value of {@link #OUTPUTS_KEY} for a number at every position. */
    private static final String MAP = "map";

    /** Detectors trained with the focal loss, by the beginnings of Hugging Face's class names. */
    private static final Pattern FOCAL = Pattern.compile(
            "(RTDetr|RtDetr|DFine|Deim|DeformableDetr|ConditionalDetr|DabDetr|Deta|(MM)?GroundingDino|OwlV|Owlv|LwDetr"
                    + "|RfDetr|OmDetTurbo)(?!.*Classification).*");

    private static final Pattern SOFTMAX = Pattern.compile("(Detr|Yolos|TableTransformer)For.*");

    private ConfiguredTask() {}

    /**
     * The task of a model.
     *
     * @param evidence what the model's graph shows
     * @param metadata of the graph
     * @param config the text of {@code config.json}
     * @param where names the model in messages
     */
    public static TaskChoice of(
            OutputEvidence evidence, Map<String, String> metadata, Optional<String> config, String where) {
        String stated = metadata.get(METADATA_KEY);
        if (stated != null) {
            Task.Kind kind = Task.Kind.ofName(stated)
                    .orElseThrow(() -> new VitrailException(where + ", metadata " + METADATA_KEY + ": there is no task "
                            + stated + "; use a newer Vitrail"));
            String outputs = metadata.getOrDefault(OUTPUTS_KEY, "");
            return TaskChoice.of(
                    evidence.withSigmoid(Optional.of(outputs.equals(SIGMOID))).withMap(outputs.equals(MAP)),
                    kind,
                    "the model's own metadata");
        }
        return config.map(json -> of(evidence, parse(json, where))).orElseGet(() -> TaskChoice.find(evidence));
    }

    private static TaskChoice of(OutputEvidence evidence, JsonNode config) {
        String architecture = config.at("/architectures/0").asText();
        OutputEvidence known = evidence.withSigmoid(sigmoid(config, architecture));
        return Task.Kind.ofArchitecture(architecture)
                .flatMap(kind -> TaskChoice.ifFits(known, kind, "config.json says " + architecture))
                .orElseGet(() -> TaskChoice.find(known));
    }

    /** Returns whether class scores are logits of a sigmoid, where the configuration says it. */
    private static Optional<Boolean> sigmoid(JsonNode config, String architecture) {
        if (config.path("use_focal_loss").isBoolean()) {
            return Optional.of(config.path("use_focal_loss").asBoolean());
        }
        if (config.path("problem_type").asText().equals("multi_label_classification")
                || config.has("focal_alpha")
                || config.has("focal_loss_alpha")
                || FOCAL.matcher(architecture).matches()
                || FOCAL.matcher(config.path("loss_type").asText()).matches()) {
            return Optional.of(true);
        }
        return SOFTMAX.matcher(architecture).matches() ? Optional.of(false) : Optional.empty();
    }

    /** Adds to metadata how the outputs of a task are read, where the graph does not show it. */
    public static void describe(Task task, Map<String, String> metadata) {
        metadata.put(METADATA_KEY, task.kind().label());
        switch (task) {
            case Task.Classification classification -> describe(classification.form(), metadata);
            case Task.ObjectDetection detection -> describe(detection.form(), metadata);
            case Task.ValueMap map -> metadata.put(OUTPUTS_KEY, MAP);
            case Task.DetectionList list -> {}
            case Task.Embedding embedding -> {}
            case Task.Dense dense -> {}
            case Task.ClassMap map -> {}
            case Task.Masks masks -> {}
            case Task.Other other -> {}
        }
    }

    private static void describe(ScoreForm form, Map<String, String> metadata) {
        if (form.equals(ScoreForm.SIGMOID_LOGITS)) {
            metadata.put(OUTPUTS_KEY, SIGMOID);
        }
    }

    private static JsonNode parse(String config, String where) {
        try {
            return new ObjectMapper().readTree(config);
        } catch (JsonProcessingException e) {
            throw new VitrailException(where + ", config.json: is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }
}
