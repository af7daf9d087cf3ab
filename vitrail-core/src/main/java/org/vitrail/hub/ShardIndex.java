package org.vitrail.hub;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/** Reads the index of a sharded checkpoint. */
final class ShardIndex {
    private static final int MAX_SHARDS = 1000;

    private ShardIndex() {}

    /**
     * Returns the files that the {@code weight_map} of an index names, sorted by name.
     *
     * @throws VitrailException if the file is not such an index, or names anything but files beside it
     */
    static List<String> files(Path index, HubReference reference) throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode name : json(index, reference).path("weight_map")) {
            names.add(name.asText());
        }
        if (names.isEmpty() || names.size() > MAX_SHARDS) {
            throw new VitrailException(reference + ": its " + WeightFileLayout.SHARDS.path() + " names " + names.size()
                    + " files, where 1 to " + MAX_SHARDS + " were expected");
        }
        for (String name : names) {
            if (!Names.isFile(name) || !name.endsWith(".safetensors")) {
                throw new VitrailException(reference + ": its " + WeightFileLayout.SHARDS.path() + " names the shard \""
                        + printable(name) + "\", which is not a safetensors file beside it");
            }
        }
        return List.copyOf(names);
    }

    private static JsonNode json(Path index, HubReference reference) throws IOException {
        try {
            return new ObjectMapper().readTree(InputFile.text(index));
        } catch (JacksonException e) {
            throw new VitrailException(
                    reference + ": its " + WeightFileLayout.SHARDS.path() + " is not JSON (" + e.getOriginalMessage()
                            + ")",
                    e);
        }
    }

    private static String printable(String name) {
        String start = name.length() > 80 ? name.substring(0, 80) + "..." : name;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
