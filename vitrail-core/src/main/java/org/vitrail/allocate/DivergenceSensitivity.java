package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.engine.Engine;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphIndex;
import org.vitrail.graph.Node;
import org.vitrail.subgraph.SubgraphExtractor;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Progress;

/**
 * Measures the divergence of the model's outputs when a single module is quantized: Ω_i(b) = mean over images of
 * D(f(x), f_i,b(x)), D the KL divergence for a classifier. The module runs separately at every width, and its outputs
 * go through the rest of the float model, which is opened once per module.
 */
public final class DivergenceSensitivity implements Sensitivity {
    private final Distance distance;

    /** The distance of outputs from those of the float model. */
    @FunctionalInterface
    public interface Distance {
        /** Returns the distance, not negative; both maps hold the model's outputs for one example, by name. */
        double between(Map<String, Tensor> reference, Map<String, Tensor> changed);
    }

    public DivergenceSensitivity(Distance distance) {
        this.distance = distance;
    }

    /**
     * A graph cut into one module and the part behind it.
     *
     * @param module the part from the module's inputs to all values that leave it
     * @param rest the part from these values to the model's outputs
     */
    private record Cut(Graph module, Graph rest) {
        Set<String> values() {
            Set<String> values = new LinkedHashSet<>(module.inputNames());
            values.addAll(rest.inputNames());
            return values;
        }
    }

    @Override
    public double[][] measure(SensitivityTask task) {
        SubgraphExtractor sections = new SubgraphExtractor(task.graph());
        GraphIndex index = new GraphIndex(task.graph());
        List<String> outputs = task.graph().outputNames();
        List<Cut> cuts = task.modules().stream()
                .map(module -> cut(sections, index, module, outputs))
                .toList();
        List<Set<String>> wanted = new ArrayList<>();
        for (Cut cut : cuts) {
            Set<String> values = cut.values();
            values.addAll(outputs);
            wanted.add(values);
        }
        double[][] omega = new double[task.modules().size()][task.widths().size()];
        try (Progress.Stage stage = task.context()
                .progress()
                .begin(
                        "measuring sensitivities",
                        task.modules().size() * task.widths().size())) {
            new FloatValues(task, wanted)
                    .visit((modules, examples) -> modules.forEach(module -> {
                        double[] sums = sums(task, module, cuts.get(module), examples, stage);
                        for (int width = 0; width < sums.length; width++) {
                            omega[module][width] += sums[width] / task.inputs().size();
                        }
                    }));
        }
        return omega;
    }

    private static Cut cut(
            SubgraphExtractor sections, GraphIndex index, TransformerModule module, List<String> outputs) {
        List<String> starts = new ArrayList<>(module.layers());
        starts.addAll(module.products());
        Set<String> movable = sections.dependents(starts);
        List<String> exits = module.exits().stream().filter(movable::contains).toList();
        Graph core = sections.between(starts, exits.isEmpty() ? starts : exits);
        Set<String> leaving = sections.leaving(core);
        leaving.retainAll(movable);
        Graph whole = sections.between(starts, leaving);
        Set<String> inside = new LinkedHashSet<>();
        whole.nodes().forEach(node -> inside.addAll(node.outputs()));
        Collection<String> readers = leaving.stream()
                .flatMap(value -> index.consumers(value).stream())
                .map(Node::output)
                .filter(reader -> !inside.contains(reader))
                .distinct()
                .toList();
        Set<String> reached = sections.dependents(readers);
        return new Cut(
                whole,
                sections.between(
                        readers, outputs.stream().filter(reached::contains).toList()));
    }

    /** Returns, for each width, the sum of the distances over the examples. */
    private double[] sums(
            SensitivityTask task, int module, Cut cut, List<Map<String, Tensor>> examples, Progress.Stage stage) {
        double[] sums = new double[task.widths().size()];
        try (Engine rest = task.context().open(cut.rest())) {
            for (int width = 0; width < sums.length; width++) {
                Graph quantized = task.quantizer()
                        .quantize(
                                cut.module(),
                                task.modules().get(module),
                                task.widths().get(width));
                int at = width;
                try (Engine engine = task.context().open(quantized)) {
                    task.context()
                            .runner()
                            .forEach(
                                    examples.size(),
                                    i -> distance(engine, rest, examples.get(i)),
                                    one -> sums[at] += one);
                }
                stage.step();
            }
        }
        return sums;
    }

    private double distance(Engine module, Engine rest, Map<String, Tensor> values) {
        Map<String, Tensor> changed = new HashMap<>(values);
        changed.putAll(module.run(fed(module, values)));
        changed.putAll(rest.run(fed(rest, changed)));
        return distance.between(values, changed);
    }

    private static Map<String, Tensor> fed(Engine engine, Map<String, Tensor> values) {
        Map<String, Tensor> fed = new HashMap<>(values);
        fed.keySet().retainAll(engine.inputs());
        return fed;
    }
}
