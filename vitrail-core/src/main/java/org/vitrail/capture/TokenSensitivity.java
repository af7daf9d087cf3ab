package org.vitrail.capture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vitrail.engine.Engine;
import org.vitrail.engine.ExampleSource;
import org.vitrail.engine.RunContext;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Dim;
import org.vitrail.graph.Graph;
import org.vitrail.graph.GraphEditor;
import org.vitrail.graph.ValueInfo;
import org.vitrail.graph.Weight;
import org.vitrail.linalg.SquaredDistance;
import org.vitrail.shape.Shapes;
import org.vitrail.tensor.Tensor;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * Measures how much each token matters: adds noise proportional to the values of one token at a time, and compares its
 * effect on the model's output with that of the same noise on ordinary tokens. A class token that alone reaches the
 * head weighs up to a hundred times as much; in a model that pools over its tokens all weigh the same.
 *
 * <p>v′ = v + v ⊙ r ⊙ m with r = ±{@value #RELATIVE_NOISE} per channel (seeded) and m the mask of the tokens that get
 * noise, an extra input of the model.
 */
public final class TokenSensitivity {
    private static final float RELATIVE_NOISE = 0.02f;

    /** Number of leading tokens that are measured one by one: the class and distillation tokens. */
    private static final int LEADING_TOKENS = 2;

    /** Smallest significant ratio; smaller ones are within the noise of the measurement. */
    private static final double MIN_SIGNIFICANT_RATIO = 4;

    private static final float MAX_TOKEN_WEIGHT = 100;

    private static final int NOISE_EXAMPLES = 2;

    private final ExampleSource inputs;
    private final Map<String, int[]> masks = new LinkedHashMap<>();
    private final Graph noisy;

    private TokenSensitivity(Graph graph, List<String> values, ExampleSource inputs) {
        this.inputs = inputs;
        Shapes shapes = Shapes.infer(graph);
        for (String value : values) {
            mask(shapes, value).ifPresent(mask -> masks.put(value, mask));
        }
        this.noisy = withNoise(graph, shapes);
    }

    /** Returns the token weights of each value that has tokens; values left out have none. */
    public static Map<String, TokenWeights> measure(
            Graph graph, List<String> values, ExampleSource inputs, RunContext context) {
        return new TokenSensitivity(graph, values, inputs).measure(context);
    }

    private Map<String, TokenWeights> measure(RunContext context) {
        List<String> values = List.copyOf(masks.keySet());
        int examples = Math.min(NOISE_EXAMPLES, inputs.size());
        try (Engine engine = context.open(noisy);
                Progress.Stage stage = context.progress().begin("measuring tokens", values.size())) {
            List<Map<String, Tensor>> quiet = new ArrayList<>();
            context.runner().forEach(examples, i -> run(engine, i, "", new int[0]), quiet::add);
            List<TokenWeights> weights = Parallel.map(values.size(), context.threads(), i -> {
                TokenWeights found = weights(engine, values.get(i), quiet);
                stage.step();
                return found;
            });
            Map<String, TokenWeights> byValue = new HashMap<>();
            for (int i = 0; i < values.size(); i++) {
                byValue.put(values.get(i), weights.get(i));
            }
            return byValue;
        }
    }

    private TokenWeights weights(Engine engine, String value, List<Map<String, Tensor>> quiet) {
        int tokens = tokens(masks.get(value));
        double ordinary = effect(engine, value, quiet, LEADING_TOKENS, tokens) / (tokens - LEADING_TOKENS);
        Map<Integer, Float> special = new HashMap<>();
        for (int token = 0; token < LEADING_TOKENS; token++) {
            double ratio = effect(engine, value, quiet, token, token + 1) / Math.max(ordinary, Double.MIN_NORMAL);
            if (ratio >= MIN_SIGNIFICANT_RATIO) {
                special.put(token, (float) Math.min(MAX_TOKEN_WEIGHT, ratio));
            }
        }
        return new TokenWeights(tokens, special);
    }

    /**
     * Returns the effect of noise on these tokens: Σ ‖y′ − y‖² / ‖y‖² over the outputs, the norms over all examples, so
     * that boxes count as much as class scores.
     */
    private double effect(Engine engine, String value, List<Map<String, Tensor>> quiet, int from, int to) {
        int[] noisyTokens = new int[to - from];
        Arrays.setAll(noisyTokens, i -> from + i);
        Map<String, Double> changes = new TreeMap<>();
        Map<String, Double> sizes = new TreeMap<>();
        for (int example = 0; example < quiet.size(); example++) {
            Map<String, Tensor> changed = run(engine, example, value, noisyTokens);
            quiet.get(example).forEach((output, original) -> {
                float[] values = original.values();
                changes.merge(
                        output, SquaredDistance.between(changed.get(output).values(), values), Double::sum);
                sizes.merge(output, SquaredDistance.fromZero(values), Double::sum);
            });
        }
        double sum = 0;
        for (Map.Entry<String, Double> change : changes.entrySet()) {
            sum += change.getValue() / Math.max(sizes.get(change.getKey()), Double.MIN_NORMAL);
        }
        return sum;
    }

    private Map<String, Tensor> run(Engine engine, int example, String value, int[] noisyTokens) {
        Map<String, Tensor> fed = new HashMap<>(inputs.get(example));
        masks.forEach((name, shape) -> {
            float[] mask = new float[tokens(shape)];
            if (name.equals(value)) {
                for (int token : noisyTokens) {
                    mask[token] = 1;
                }
            }
            fed.put(maskName(name), Tensor.of(shape, mask));
        });
        return engine.run(fed);
    }

    /** Returns the shape of a mask for a value with tokens: (…, 1), all extents known except a batch of one. */
    private static Optional<int[]> mask(Shapes shapes, String value) {
        List<Dim> dims = shapes.of(value).orElse(List.of());
        if (dims.size() < 3 || !(dims.getLast() instanceof Dim.Known)) {
            return Optional.empty();
        }
        int[] shape = dims.stream()
                .mapToInt(dim -> dim instanceof Dim.Known(long extent) ? Math.toIntExact(extent) : 1)
                .toArray();
        shape[shape.length - 1] = 1;
        return tokens(shape) > LEADING_TOKENS + 1 ? Optional.of(shape) : Optional.empty();
    }

    private static int tokens(int[] mask) {
        return (int) Tensor.size(mask);
    }

    private static String maskName(String value) {
        return value + "_noise_mask";
    }

    private Graph withNoise(Graph graph, Shapes shapes) {
        GraphEditor editor = new GraphEditor(graph);
        SplittableRandom random = new SplittableRandom(1);
        List<ValueInfo> newInputs = new ArrayList<>(graph.inputs());
        masks.forEach((value, shape) -> {
            long channels = shapes.of(value).orElseThrow().getLast() instanceof Dim.Known(long extent) ? extent : 1;
            float[] signs = new float[(int) channels];
            for (int c = 0; c < signs.length; c++) {
                signs[c] = random.nextBoolean() ? RELATIVE_NOISE : -RELATIVE_NOISE;
            }
            String noise = editor.add(value + "_noise", Weight.ofFloats(new int[] {signs.length}, signs));
            String masked = editor.add("Mul", List.of(value, maskName(value)), value + "_masked");
            String scaled = editor.add("Mul", List.of(masked, noise), value + "_scaled");
            String sum = editor.add("Add", List.of(value, scaled), value + "_noisy");
            editor.redirect(value, sum, Set.of(masked, sum));
            newInputs.add(ValueInfo.of(
                    maskName(value),
                    DataType.FLOAT,
                    Arrays.stream(shape).mapToObj(Dim::of).toList()));
        });
        return editor.build().withInputs(newInputs);
    }
}
