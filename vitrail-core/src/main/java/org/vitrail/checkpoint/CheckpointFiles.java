package org.vitrail.checkpoint;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.InputFile;
import org.vitrail.tensor.VitrailException;

/**
 * The files of one checkpoint: safetensors, in one file or in shards, with the configuration files beside them.
 *
 * @param source the path that the user gave
 * @param folder the folder of the configuration files
 * @param tensors the file of each tensor, by key
 */
record CheckpointFiles(Path source, Path folder, Map<String, Safetensors> tensors) {
    private static final String SINGLE_FILE = "model.safetensors";
    private static final String SHARD_INDEX_FILE = "model.safetensors.index.json";
    private static final long MAX_JSON_BYTES = 64 << 20;

    /** Opens a safetensors file, an index of shards, or a folder that holds either. */
    static CheckpointFiles open(Path source) {
        try {
            if (!Files.exists(source)) {
                throw new VitrailException(source + ": no such file or folder");
            }
            InputFile.requireRegular(source);
            Path file = Files.isDirectory(source) ? find(source) : source;
            Path folder = file.toAbsolutePath().getParent();
            if (file.toString().endsWith(".index.json")) {
                return new CheckpointFiles(source, folder, shards(file));
            }
            Pickles.refuse(file);
            Map<String, Safetensors> tensors = new LinkedHashMap<>();
            put(tensors, Safetensors.open(file));
            return new CheckpointFiles(source, folder, tensors);
        } catch (IOException e) {
            throw new VitrailException(source + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }

    /** Returns whether a path is a folder, or a file that {@link #open} reads or rejects as a pickle. */
    static boolean recognises(Path path) {
        try {
            return Files.isDirectory(path)
                    || path.toString().endsWith(".index.json")
                    || (Files.isRegularFile(path) && (Safetensors.looksLike(path) || Pickles.isPickle(path)));
        } catch (IOException e) {
            return false;
        }
    }

    private static Path find(Path folder) throws IOException {
        for (String name : List.of(SINGLE_FILE, SHARD_INDEX_FILE)) {
            if (Files.isRegularFile(folder.resolve(name))) {
                return folder.resolve(name);
            }
        }
        try (Stream<Path> listing = Files.list(folder)) {
            List<Path> files = listing.filter(Files::isRegularFile).sorted().toList();
            List<Path> candidates = files.stream()
                    .filter(file -> file.getFileName().toString().endsWith(".safetensors"))
                    .toList();
            if (candidates.size() == 1) {
                return candidates.getFirst();
            }
            if (candidates.size() > 1) {
                throw new VitrailException(folder + ": holds " + candidates.size() + " safetensors files ("
                        + candidates.get(0).getFileName() + ", "
                        + candidates.get(1).getFileName()
                        + " ...) and neither " + SINGLE_FILE + " nor an index: name the file itself");
            }
            for (Path file : files) {
                Pickles.refuse(file);
            }
            throw new VitrailException(folder + ": holds no safetensors file");
        }
    }

    /** Returns the tensors that an index lists, each in a file of the index's own folder. */
    private static Map<String, Safetensors> shards(Path index) {
        JsonNode map = json(index).path("weight_map");
        Map<String, String> files = new LinkedHashMap<>();
        map.properties()
                .forEach(entry -> files.put(entry.getKey(), entry.getValue().asText()));
        if (files.isEmpty()) {
            throw new VitrailException(index + ": has no weight_map that maps tensors to shards");
        }
        Map<String, Safetensors> tensors = new LinkedHashMap<>();
        for (String name : new TreeSet<>(files.values())) {
            if (!name.matches("[\\w.-]+\\.safetensors")) {
                throw new VitrailException(index + ": names the shard \"" + name
                        + "\", which is not a safetensors file of the same folder");
            }
            Path shard = index.resolveSibling(name);
            if (!Files.isRegularFile(shard)) {
                throw new VitrailException(index + ": names the shard " + name + ", which is missing");
            }
            put(tensors, Safetensors.open(shard));
        }
        files.forEach((key, name) -> {
            if (!tensors.containsKey(key) || !tensors.get(key).file().endsWith(name)) {
                throw new VitrailException(index + ": says that " + name + " holds " + key + ", which it does not");
            }
        });
        return tensors;
    }

    private static void put(Map<String, Safetensors> tensors, Safetensors file) {
        for (String key : file.names()) {
            Safetensors other = tensors.put(key, file);
            if (other != null) {
                throw new VitrailException(file.file() + ": holds " + key + ", which " + other.file() + " holds too");
            }
        }
    }

    List<Integer> shape(String key) {
        return tensors.get(key).shape(key);
    }

    Weight weight(String key) {
        return tensors.get(key).weight(key);
    }

    /** The metadata of the safetensors files, free text by key. */
    Map<String, String> metadata() {
        Map<String, String> all = new LinkedHashMap<>();
        tensors.values().stream().distinct().forEach(file -> all.putAll(file.metadata()));
        return all;
    }

    /** The text of a JSON file beside the tensors; empty if there is none. */
    Optional<String> text(String name) {
        Path file = folder.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(text(file)) : Optional.empty();
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_JSON_BYTES) {
                throw new VitrailException(file + ": takes " + Files.size(file) + " bytes, too many for a JSON file");
            }
            return InputFile.text(file);
        } catch (IOException e) {
            throw new VitrailException(file + ": cannot be read (" + InputFile.reason(e) + ")", e);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return new ObjectMapper().readTree(text(file));
        } catch (JacksonException e) {
            throw new VitrailException(file + ": is not JSON (" + e.getOriginalMessage() + ")", e);
        }
    }
}
