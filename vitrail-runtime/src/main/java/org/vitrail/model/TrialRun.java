package org.vitrail.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.vitrail.engine.Engine;
import org.vitrail.engine.EngineOptions;
import org.vitrail.engine.Engines;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.ValueInfo;
import org.vitrail.image.Layout;
import org.vitrail.image.Preprocessing;
import org.vitrail.image.PreprocessingPreset;
import org.vitrail.image.Size;
import org.vitrail.image.SyntheticImages;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;

/** Runs a model once on a drawn picture, when its outputs are first asked for. */
public final class TrialRun implements Supplier<Map<String, Tensor>> {
    private final Graph graph;
    private final ImageInput input;
    private final Size size;
    private Optional<Map<String, Tensor>> outputs = Optional.empty();

    /** @param size of the pictures that the model is fed with */
    public TrialRun(Graph graph, ImageInput input, Size size) {
        this.graph = graph;
        this.input = input;
        this.size = size;
    }

    /** Returns the outputs by name; empty where the model cannot be run, which is reported when it is used. */
    @Override
    public Map<String, Tensor> get() {
        if (outputs.isEmpty()) {
            outputs = Optional.of(run());
        }
        return outputs.get();
    }

    private Map<String, Tensor> run() {
        Preprocessing usual = PreprocessingPreset.IMAGENET.at(size).withLayout(input.layout());
        Preprocessing preprocessing = input.bytes() ? usual.withoutNormalisation() : usual;
        try (Engine engine = Engines.preferred(graph).open(graph, EngineOptions.defaults())) {
            return engine.run(input.feed(preprocessing, SyntheticImages.of(1, 0).image(0)));
        } catch (VitrailException e) {
            return Map.of();
        }
    }

    /** The graph with inputs of the size that the pictures have, as a run feeds them; the batch stays as it is. */
    public static Graph sized(Graph graph, ImageInput input, Size size) {
        int heightAxis = input.layout() == Layout.NCHW ? 2 : 1;
        List<ValueInfo> inputs = new ArrayList<>();
        for (ValueInfo info : graph.inputs()) {
            boolean isPicture = info.name().equals(input.name());
            boolean isMask =
                    input.mask().filter(mask -> mask.name().equals(info.name())).isPresent();
            inputs.add(isPicture || isMask ? sized(info, isPicture ? heightAxis : 1, size) : info);
        }
        return graph.withInputs(inputs);
    }

    private static ValueInfo sized(ValueInfo info, int heightAxis, Size size) {
        return new ValueInfo(
                info.name(),
                info.type(),
                info.shape().map(shape -> {
                    List<Dim> known = new ArrayList<>(shape);
                    for (int axis = 1; axis < known.size(); axis++) {
                        if (known.get(axis) instanceof Dim.Symbol) {
                            known.set(
                                    axis,
                                    Dim.of(
                                            axis == heightAxis
                                                    ? size.height()
                                                    : axis == heightAxis + 1 ? size.width() : 3));
                        }
                    }
                    return known;
                }),
                info.rest());
    }
}
