package org.vitrail.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Joins pictures into one run of a model and splits its outputs. */
public final class PictureBatch {
    /** Pictures in one run of a model that takes any number: more would take memory and save no time on a CPU. */
    public static final int MAX_PICTURES = 8;

    private PictureBatch() {}

    /**
     * The number of different pictures that share a run: the model's own batch, or {@link #MAX_PICTURES} where it takes
     * any number. 1 where the shapes of the inputs and of these outputs do not all state the same batch.
     *
     * @param picture the input that takes pictures
     * @param outputs those that are read
     */
    public static int capacity(Graph graph, String picture, List<String> outputs) {
        Optional<Dim> batch = batch(graph.inputs(), picture);
        boolean isShared = batch.isPresent()
                && graph.inputs().stream().allMatch(info -> batch(info).equals(batch))
                && outputs.stream()
                        .allMatch(output -> batch(graph.outputs(), output).equals(batch));
        if (!isShared) {
            return 1;
        }
        return switch (batch.get()) {
            case Dim.Known(long extent) -> Math.toIntExact(extent);
            case Dim.Symbol symbol -> MAX_PICTURES;
        };
    }

    private static Optional<Dim> batch(List<ValueInfo> values, String name) {
        return values.stream()
                .filter(info -> info.name().equals(name))
                .findFirst()
                .flatMap(PictureBatch::batch);
    }

    private static Optional<Dim> batch(ValueInfo info) {
        return info.shape()
                .filter(shape -> !shape.isEmpty())
                .map(List::getFirst)
                .filter(batch -> !batch.equals(Dim.unknown()));
    }

    /** Returns whether pictures can share a run: their inputs have the same shapes. */
    public static boolean isJoinable(Map<String, Tensor> one, Map<String, Tensor> other) {
        return one.entrySet().stream()
                .allMatch(input -> Arrays.equals(
                        input.getValue().shape(), other.get(input.getKey()).shape()));
    }

    /** The inputs of a run of all these pictures, in their order; each is of a batch of one, in equal shapes. */
    public static Map<String, Tensor> join(List<Map<String, Tensor>> pictures) {
        if (pictures.size() == 1) {
            return pictures.getFirst();
        }
        Map<String, Tensor> joined = new LinkedHashMap<>();
        for (String input : pictures.getFirst().keySet()) {
            joined.put(
                    input,
                    joined(pictures.stream().map(picture -> picture.get(input)).toList()));
        }
        return joined;
    }

    private static Tensor joined(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        long elements = (long) tensors.size() * first.size();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new VitrailException("a batch of " + tensors.size() + " pictures has " + elements
                    + " values, more than an input can have: export the model with a smaller batch");
        }
        float[] values = new float[(int) elements];
        for (int i = 0; i < tensors.size(); i++) {
            System.arraycopy(tensors.get(i).values(), 0, values, i * first.size(), first.size());
        }
        int[] shape = first.shape();
        shape[0] = tensors.size();
        return Tensor.of(shape, values);
    }

    /**
     * The outputs of the first pictures of a run, each with a batch of one. An output without a batch is every picture's.
     *
     * @param batch pictures in the run
     * @param count pictures that are wanted, at most {@code batch}
     */
    public static List<Map<String, Tensor>> split(Map<String, Tensor> outputs, int batch, int count) {
        if (batch == 1) {
            return List.of(outputs);
        }
        List<Map<String, Tensor>> pictures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, Tensor> picture = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
                picture.put(output.getKey(), item(output.getValue(), batch, i));
            }
            pictures.add(picture);
        }
        return pictures;
    }

    private static Tensor item(Tensor tensor, int batch, int index) {
        if (tensor.rank() == 0 || tensor.extent(0) != batch) {
            return tensor;
        }
        int[] shape = tensor.shape();
        shape[0] = 1;
        return tensor.item(index).reshape(shape);
    }
}
