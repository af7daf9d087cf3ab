package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.vitrail.graph.Weight;
import org.vitrail.tensor.VitrailException;

/** The tensors of a checkpoint under timm's names; separate query, key and value layers are joined into one. */
final class FileParameters implements ParameterSource {
    private static final Pattern SEPARATE = Pattern.compile("(.*attn\\.)[qkv]\\.(weight|bias)");
    private static final Pattern MERGE = Pattern.compile("merges\\.(\\d{1,2})\\.(.+)");
    private static final Pattern BLOCK = Pattern.compile("blocks\\.(\\d{1,4})\\..+");

    private final CheckpointFiles files;
    private final NamingScheme scheme;
    private final String prefix;
    /** Stands in a parameter's keys for zeros in place of a tensor that the family does not have. */
    private static final String ZEROS = "";

    /** The keys of each parameter's tensors, which are joined along the first axis. */
    private final Map<String, List<String>> keys = new LinkedHashMap<>();

    private FileParameters(CheckpointFiles files, NamingScheme scheme, String prefix) {
        this.files = files;
        this.scheme = scheme;
        this.prefix = prefix;
    }

    /**
     * Names the tensors; throws if no naming scheme fits or a key is unknown to it.
     *
     * @param stated the scheme of the model that the configuration names; empty if keys alone decide
     */
    static FileParameters of(CheckpointFiles files, Optional<NamingScheme> stated) {
        Set<String> fileKeys = files.tensors().keySet();
        NamingScheme scheme = stated.filter(named -> named.prefix(fileKeys).isPresent())
                .or(() -> stated.isPresent() ? Optional.empty() : NamingScheme.of(fileKeys))
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
        parameters.fuse();
        return parameters;
    }

    private void name(String key) {
        String bare = key.startsWith(prefix) ? key.substring(prefix.length()) : key;
        String name = scheme.ours(bare).orElseThrow(() -> unknown(key));
        List<String> other = name.isEmpty() ? null : keys.put(name, List.of(key));
        if (other != null) {
            throw error(other.getFirst() + " and " + key + " are the same parameter");
        }
    }

    /** Joins the separate query, key and value layers of each attention. */
    private void fuse() {
        keys.keySet().stream()
                .map(SEPARATE::matcher)
                .filter(Matcher::matches)
                .map(separate -> List.of(separate.group(1), separate.group(2)))
                .distinct()
                .toList()
                .forEach(attention -> fuse(attention.getFirst(), attention.getLast()));
        for (String part : List.of("weight", "bias")) {
            join("attn_pool.qkv." + part, "attn_pool.q." + part, "attn_pool.kv." + part);
        }
    }

    private void fuse(String attention, String part) {
        String key = attention + "k." + part;
        if (part.equals("bias") && scheme.keysWithoutBias() && !keys.containsKey(key)) {
            keys.put(key, List.of(ZEROS));
        }
        join(attention + "qkv." + part, attention + "q." + part, key, attention + "v." + part);
    }

    /** Joins parameters, all of which must be there, into one. */
    private void join(String whole, String... parts) {
        if (Stream.of(parts).noneMatch(keys::containsKey)) {
            return;
        }
        for (String name : parts) {
            if (!keys.containsKey(name)) {
                throw missing(name);
            }
        }
        keys.put(
                whole,
                Stream.of(parts).map(name -> keys.remove(name).getFirst()).toList());
    }

    /** Forgets parameters that the checkpoint holds but the model does not use. */
    void drop(String beginning) {
        keys.keySet().removeIf(name -> name.startsWith(beginning));
    }

    /**
     * Numbers the patch merging of a Swin transformer from 0, by the stage before it; timm numbers it by the stage
     * behind it.
     */
    void numberMergesFromZero() {
        if (keys.containsKey("merges.0.norm.weight")) {
            return;
        }
        for (String name : List.copyOf(keys.keySet())) {
            Matcher merge = MERGE.matcher(name);
            if (merge.matches()) {
                keys.put("merges." + (Integer.parseInt(merge.group(1)) - 1) + "." + merge.group(2), keys.remove(name));
            }
        }
    }

    /** The number of blocks: one more than the highest block number. */
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

    /** Returns whether the file has this key behind its prefix. */
    boolean holds(String key) {
        return files.tensors().containsKey(prefix + key);
    }

    /**
     * Returns the parameter's shape; throws if it is missing or has another number of axes. Tokens and positions may
     * lack their leading axes of one.
     */
    List<Integer> shape(String name, int rank) {
        List<String> parts = keys.get(name);
        if (parts == null) {
            throw missing(name);
        }
        List<Integer> shape = new ArrayList<>(shape(name, parts));
        while (shape.size() < rank && (name.equals("pos_embed") || name.equals("cls_token"))) {
            shape.addFirst(1);
        }
        if (shape.size() != rank || shape.contains(0)) {
            throw error(parts.getFirst() + " should have " + rank + " axes, none of them empty, but has the shape "
                    + shape);
        }
        return shape;
    }

    private List<Integer> shape(String name, List<String> parts) {
        List<Integer> first = files.shape(parts.getFirst());
        if (parts.size() == 1 || first.isEmpty()) {
            return first;
        }
        long extent = 0;
        for (String part : parts) {
            List<Integer> shape = part.equals(ZEROS) ? first : files.shape(part);
            boolean fits = name.startsWith("attn_pool.")
                    ? shape.size() == first.size()
                            && shape.subList(1, shape.size()).equals(first.subList(1, first.size()))
                    : shape.equals(first);
            if (!fits) {
                throw wrongShape(part, first);
            }
            extent += shape.getFirst();
        }
        List<Integer> whole = new ArrayList<>(first);
        whole.set(0, (int) Math.min(Integer.MAX_VALUE, extent));
        return whole;
    }

    /** Throws unless the checkpoint holds exactly the model's parameters, in the right shapes. */
    void check(Architecture model) {
        Map<String, List<Integer>> wanted = model.parameters();
        wanted.forEach((name, shape) -> {
            if (!shape(name, shape.size()).equals(shape)) {
                List<Integer> wantedPart = new ArrayList<>(shape);
                wantedPart.set(0, shape.getFirst() / keys.get(name).size());
                throw wrongShape(keys.get(name).getFirst(), wantedPart);
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
        List<String> parts = keys.get(name);
        float[] values = part(parts.getFirst());
        int zeros = values.length;
        for (String key : parts.subList(1, parts.size())) {
            float[] below = key.equals(ZEROS) ? new float[zeros] : part(key);
            float[] both = Arrays.copyOf(values, Math.addExact(values.length, below.length));
            System.arraycopy(below, 0, both, values.length, below.length);
            values = both;
        }
        return values;
    }

    private float[] part(String key) {
        Weight weight = files.weight(key);
        if (!weight.isFloating()) {
            throw error(key + " should be floating point, but is " + weight.type()
                    + "; give the checkpoint as it was before quantization");
        }
        float[] values = weight.toFloats();
        checkFinite(key, values);
        return values;
    }

    private void checkFinite(String key, float[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw error(key + " holds " + values[i] + " at index " + i + "; weights must be finite");
            }
        }
    }

    /** An error message that begins with the name of the checkpoint. */
    VitrailException error(String what) {
        return new VitrailException(files.source() + ": " + what);
    }

    private VitrailException missing(String name) {
        String bare = scheme.theirs(name);
        return error(bare + " is missing (keys as in " + scheme.label
                + (prefix.isEmpty() ? "" : ", here behind \"" + prefix + "\"") + ")");
    }

    private VitrailException unknown(String key) {
        return error(key + " does not belong to a vision transformer of " + scheme.label
                + " that is imported; export the model to ONNX and give that file");
    }

    private VitrailException wrongShape(String key, List<Integer> wanted) {
        return error(key + " should have the shape " + wanted + ", but has " + files.shape(key));
    }
}
