package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/** The tensors of a checkpoint under timm's names, with separate query, key and value layers put together as one. */
final class FileParameters implements Parameters {
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,4})\\..+");

    private final CheckpointFiles files;
    private final NamingScheme scheme;
    private final String prefix;
    /** The keys whose tensors, one below the other, are the parameter. */
    private final Map<String, List<String>> keys = new LinkedHashMap<>();

    private FileParameters(CheckpointFiles files, NamingScheme scheme, String prefix) {
        this.files = files;
        this.scheme = scheme;
        this.prefix = prefix;
    }

    /** Names the tensors; throws where no naming scheme fits or a key is not known to it. */
    static FileParameters of(CheckpointFiles files) {
        var fileKeys = files.tensors().keySet();
        NamingScheme scheme = NamingScheme.of(fileKeys)
                .orElseThrow(() -> new VitrailException(files.source()
                        + ": its keys are not those of a vision transformer from timm, Hugging Face or torchvision"
                        + fileKeys.stream()
                                .findFirst()
                                .map(key -> " (the first is " + key + ")")
                                .orElse("")
                        + "; export the model to ONNX and give that file"));
        FileParameters parameters =
                new FileParameters(files, scheme, scheme.prefix(fileKeys).orElseThrow());
        fileKeys.forEach(parameters::name);
        for (int block = 0; block < parameters.depth(); block++) {
            parameters.fuse("blocks." + block + ".attn.", "weight");
            parameters.fuse("blocks." + block + ".attn.", "bias");
        }
        return parameters;
    }

    private void name(String key) {
        String bare = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
        String name = scheme.ours(bare).orElseThrow(() -> unknown(key));
        List<String> other = name.isEmpty() ? null : keys.put(name, List.of(key));
        if (other != null) {
            throw new VitrailException(
                    files.source() + ": " + other.getFirst() + " and " + key + " are the same parameter");
        }
    }

    private void fuse(String attention, String part) {
        List<String> fused = new ArrayList<>();
        for (String layer : List.of("q.", "k.", "v.")) {
            List<String> single = keys.remove(attention + layer + part);
            if (single != null) {
                fused.addAll(single);
            } else if (!fused.isEmpty()) {
                throw missing(attention + layer + part);
            }
        }
        if (!fused.isEmpty()) {
            keys.put(attention + "qkv." + part, fused);
        }
    }

    /** One more than the highest number of a block. */
    int depth() {
        return 1
                + keys.keySet().stream()
                        .map(BLOCK::matcher)
                        .filter(Matcher::matches)
                        .mapToInt(block -> Integer.parseInt(block.group(1)))
                        .max()
                        .orElse(-1);
    }

    NamingScheme scheme() {
        return scheme;
    }

    boolean has(String name) {
        return keys.containsKey(name);
    }

    /** The parameter's shape; throws where it is missing or has another number of axes. */
    List<Integer> shape(String name, int rank) {
        List<String> parts = keys.get(name);
        if (parts == null) {
            throw missing(name);
        }
        List<Integer> shape = shape(parts);
        if (shape.size() != rank) {
            throw new VitrailException(files.source() + ": " + parts.getFirst() + " should have " + rank
                    + " axes, but has the shape " + shape);
        }
        return shape;
    }

    private List<Integer> shape(List<String> parts) {
        List<Integer> shape = new ArrayList<>(files.shape(parts.getFirst()));
        for (String part : parts.subList(1, parts.size())) {
            if (!files.shape(part).equals(files.shape(parts.getFirst()))) {
                throw wrongShape(part, files.shape(parts.getFirst()));
            }
            shape.set(0, Math.addExact(shape.get(0), files.shape(part).getFirst()));
        }
        return shape;
    }

    /** Throws unless the checkpoint holds exactly the model's parameters, in the right shapes. */
    void check(VisionTransformer model) {
        Map<String, List<Integer>> wanted = model.parameters();
        wanted.forEach((name, shape) -> {
            if (!shape(name, shape.size()).equals(shape)) {
                throw wrongShape(keys.get(name).getFirst(), shape);
            }
        });
        keys.forEach((name, parts) -> {
            if (!wanted.containsKey(name)) {
                throw unknown(parts.getFirst());
            }
        });
    }

    @Override
    public float[] values(String name, List<Integer> shape) {
        float[] values = new float[shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact)];
        int position = 0;
        for (String key : keys.get(name)) {
            Weight weight = files.weight(key);
            if (!weight.isFloating()) {
                throw new VitrailException(files.source() + ": " + key + " should be floating point, but is "
                        + weight.type() + "; give the checkpoint as it was before quantization");
            }
            float[] part = weight.toFloats();
            checkFinite(key, part);
            System.arraycopy(part, 0, values, position, part.length);
            position += part.length;
        }
        return values;
    }

    private void checkFinite(String key, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new VitrailException(files.source() + ": " + key + " holds " + values[i] + " at index " + i
                        + "; weights must be finite");
            }
        }
    }

    private VitrailException missing(String name) {
        String bare = scheme.theirs(name);
        return new VitrailException(files.source() + ": " + bare + " is missing (keys as in " + scheme.label
                + (prefix.isEmpty() ? "" : ", here behind \"" + prefix + "\"") + ")");
    }

    private VitrailException unknown(String key) {
        return new VitrailException(files.source() + ": " + key + " has no place in a plain vision transformer of "
                + scheme.label + "; export the model to ONNX and give that file");
    }

    private VitrailException wrongShape(String key, List<Integer> wanted) {
        return new VitrailException(
                files.source() + ": " + key + " should have the shape " + wanted + ", but has " + files.shape(key));
    }
}
