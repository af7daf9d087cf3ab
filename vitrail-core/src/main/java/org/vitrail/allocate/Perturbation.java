package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.engine.Engine;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.Graph;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.subgraph.SubgraphExtractor;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * Measures the perturbation of a module's values when it alone is quantized and reads its inputs of the float model:
 * the mean over examples and matrices of w(Y) · ‖Ŷ(b) − Y‖²₂.
 */
final class Perturbation {
    private final Observation observation;
    private final Weight weight;

    Perturbation(Observation observation, Weight weight) {
        this.observation = observation;
        this.weight = weight;
    }

    /** Selects the values of a module that are measured. */
    @FunctionalInterface
    interface Observation {
        /** Returns the values; {@code movable} are those that the module's quantized layers and products can change. */
        List<Observed> of(TransformerModule module, Set<String> movable);
    }

    /** Weights the error of a matrix. */
    @FunctionalInterface
    interface Weight {
        double of(float[] matrix, int rows, int columns);
    }

    /**
     * A value Y of a module.
     *
     * @param map whether it is a batch of matrices over the last two axes, one per head; otherwise it is one matrix
     * with the last axis as columns
     */
    record Observed(String value, boolean map) {
        /** Returns the number of matrices of the value, their rows and their columns. */
        int[] extents(Tensor y) {
            int columns = y.extent(-1);
            int rows = map ? y.extent(-2) : y.rows();
            return new int[] {y.size() / (rows * columns), rows, columns};
        }
    }

    double[][] measure(SensitivityTask task) {
        SubgraphExtractor sections = new SubgraphExtractor(task.graph());
        List<List<Observed>> observed = new ArrayList<>();
        List<Graph> parts = new ArrayList<>();
        List<Set<String>> wanted = new ArrayList<>();
        for (TransformerModule module : task.modules()) {
            List<String> starts = new ArrayList<>(module.layers());
            starts.addAll(module.products());
            List<Observed> values = observation.of(module, sections.dependents(starts));
            Graph part = sections.between(
                    starts, values.stream().map(Observed::value).toList());
            observed.add(values);
            parts.add(part);
            Set<String> names = new LinkedHashSet<>(part.inputNames());
            names.addAll(part.outputNames());
            wanted.add(names);
        }
        double[][] omega = new double[task.modules().size()][task.widths().size()];
        try (Progress.Stage stage = task.context()
                .progress()
                .begin(
                        "measuring sensitivities",
                        task.modules().size() * task.widths().size())) {
            new FloatValues(task, wanted).visit((modules, examples) -> {
                List<double[]> weights = weights(task, observed, modules, examples);
                int columns = task.widths().size();
                List<Double> sums =
                        Parallel.map(modules.size() * columns, task.context().threads(), i -> {
                            int module = modules.get(i / columns);
                            Graph quantized = task.quantizer()
                                    .quantize(
                                            parts.get(module),
                                            task.modules().get(module),
                                            task.widths().get(i % columns));
                            double sum = perturbation(
                                    task.context(),
                                    quantized,
                                    observed.get(module),
                                    examples,
                                    weights,
                                    (i / columns) * examples.size());
                            stage.step();
                            return sum;
                        });
                for (int i = 0; i < sums.size(); i++) {
                    omega[modules.get(i / columns)][i % columns] +=
                            sums.get(i) / task.inputs().size();
                }
            });
        }
        return omega;
    }

    /** Returns the weights of all matrices of each module (outer) and example (inner). */
    private List<double[]> weights(
            SensitivityTask task,
            List<List<Observed>> observed,
            List<Integer> modules,
            List<Map<String, Tensor>> examples) {
        return Parallel.map(modules.size() * examples.size(), task.context().threads(), i -> {
            List<Double> found = new ArrayList<>();
            for (Observed one : observed.get(modules.get(i / examples.size()))) {
                Tensor y = examples.get(i % examples.size()).get(one.value());
                int[] extents = one.extents(y);
                int size = extents[1] * extents[2];
                for (int m = 0; m < extents[0]; m++) {
                    float[] matrix = new float[size];
                    System.arraycopy(y.values(), m * size, matrix, 0, size);
                    found.add(weight.of(matrix, extents[1], extents[2]));
                }
            }
            return found.stream().mapToDouble(Double::doubleValue).toArray();
        });
    }

    /** Σ over examples and observed values of the mean over matrices of (weight · squared error). */
    private static double perturbation(
            RunContext context,
            Graph quantized,
            List<Observed> observed,
            List<Map<String, Tensor>> examples,
            List<double[]> weights,
            int offset) {
        double sum = 0;
        try (Engine engine = context.open(quantized)) {
            for (int example = 0; example < examples.size(); example++) {
                Map<String, Tensor> fed = new HashMap<>(examples.get(example));
                fed.keySet().retainAll(engine.inputs());
                Map<String, Tensor> got = engine.run(fed);
                int next = 0;
                for (Observed one : observed) {
                    Tensor y = examples.get(example).get(one.value());
                    float[] changed = got.get(one.value()).values();
                    int matrices = one.extents(y)[0];
                    int size = y.size() / matrices;
                    double weighed = 0;
                    for (int m = 0; m < matrices; m++) {
                        double error = SquaredDistance.between(y.values(), changed, m * size, (m + 1) * size);
                        weighed += weights.get(offset + example)[next++] * error;
                    }
                    sum += weighed / matrices;
                }
            }
        }
        return sum;
    }
}
