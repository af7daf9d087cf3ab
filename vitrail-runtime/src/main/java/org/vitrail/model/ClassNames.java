package org.vitrail.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import org.vitrail.tensor.VitrailException;

/** Class names in label order, as JSON. */
public final class ClassNames {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ClassNames() {}

    /** A JSON array, as it travels in a model's metadata. */
    public static String write(List<String> names) {
        return JSON.valueToTree(names).toString();
    }

    /** Reads what {@link #write} wrote; {@code where} names the place in messages. */
    public static List<String> read(String json, String where) {
        JsonNode array = parse(json, where);
        List<String> names = new ArrayList<>();
        array.forEach(name -> names.add(name.asText()));
        if (!array.isArray()) {
            throw new VitrailException(where + ": wanted a JSON array of class names");
        }
        return names;
    }

    /** The names in {@code id2label} (Hugging Face) or {@code label_names} (timm) of {@code config.json}, or none. */
    public static List<String> ofConfig(String json, String where) {
        JsonNode config = parse(json, where);
        JsonNode byLabel = config.path("id2label");
        JsonNode inOrder = config.path("label_names").isArray()
                ? config.path("label_names")
                : config.at("/pretrained_cfg/label_names");
        List<String> names = new ArrayList<>();
        for (int label = 0; label < Math.max(byLabel.size(), inOrder.size()); label++) {
            String otherwise = inOrder.path(label).asText("class " + label);
            names.add(byLabel.path(Integer.toString(label)).asText(otherwise));
        }
        return names;
    }

    private static JsonNode parse(String json, String where) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new VitrailException(where + ": is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }
}
