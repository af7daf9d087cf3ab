package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Product;
import org.vitrail.block.Recognition;
import org.vitrail.capture.Capture;
import org.vitrail.capture.Inputs;
import org.vitrail.capture.Statistics;
import org.vitrail.capture.TokenSensitivity;
import org.vitrail.capture.TokenWeights;
import org.vitrail.compensate.BiasCorrection;
import org.vitrail.compensate.CompensatedRounding;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.Rounding;
import org.vitrail.quantizer.RowQuantizer;
import org.vitrail.quantizer.WeightCodes;
import org.vitrail.search.LayerQuantizers;
import org.vitrail.search.LayerSearch;
import org.vitrail.search.MassiveChannels;
import org.vitrail.search.TensorSearch;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/** From a recognised graph and calibration inputs to a plan: ask what to observe, observe it, act on the statistics. */
final class Planner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final Progress progress;
    private final Map<String, List<LinearLayer>> layersByInput = new LinkedHashMap<>();
    private final List<Product> products;
    private final Map<String, LinearPlan> layerPlans = new LinkedHashMap<>();
    private final Map<String, AffineQuantizer> operandQuantizers = new LinkedHashMap<>();

    Planner(Recognition recognition, QuantizationConfig config, Progress progress) {
        this.recognition = recognition;
        this.config = config;
        this.progress = progress;
        for (LinearLayer layer : recognition.layers()) {
            if (layer.isRowProduct()) {
                layersByInput
                        .computeIfAbsent(layer.input(), key -> new ArrayList<>())
                        .add(layer);
            }
        }
        this.products = config.attention() == QuantizationConfig.AttentionMode.QUANTIZED
                ? recognition.products().stream()
                        .filter(product -> product.role() != Product.Role.OTHER)
                        .toList()
                : List.of();
    }

    Plan plan(Inputs inputs) {
        Map<String, Integer> rows = new LinkedHashMap<>();
        layersByInput.forEach(
                (input, layers) -> rows.put(input, layers.getFirst().inFeatures()));
        Capture capture = new Capture(recognition.graph(), inputs, config.capture(), tokenWeights(inputs));
        capture.run(rows, progress, this::searchLayers);
        if (!products.isEmpty()) {
            capture.run(operands(), progress, this::searchOperands);
        }
        return new Plan(
                recognition.layers().stream()
                        .filter(LinearLayer::isRowProduct)
                        .map(layer -> layerPlans.get(layer.output()))
                        .toList(),
                products.stream().map(this::productPlan).toList());
    }

    /** How much the tokens of each layer input matter: as much as those of the layer's result. */
    private Map<String, TokenWeights> tokenWeights(Inputs inputs) {
        if (!config.method().tokenWeights()) {
            return Map.of();
        }
        Map<String, String> results = new LinkedHashMap<>();
        layersByInput.forEach(
                (input, layers) -> results.put(input, layers.getFirst().result()));
        Map<String, TokenWeights> measured = TokenSensitivity.measure(
                recognition.graph(),
                List.copyOf(results.values()),
                inputs,
                config.capture().threads(),
                progress);
        Map<String, TokenWeights> weights = new LinkedHashMap<>();
        results.forEach((input, result) -> weights.put(input, measured.getOrDefault(result, TokenWeights.EVEN)));
        return weights;
    }

    private ProductPlan productPlan(Product product) {
        boolean probabilities = recognition.attentions().stream()
                .anyMatch(attention -> attention.output().output().equals(product.output())
                        && attention.probabilitySide() == 0
                        && attention.mixers().isEmpty());
        return new ProductPlan(
                product.output(),
                probabilities
                        ? AffineQuantizer.ofRange(
                                0, 1, config.bits().activations().unsigned())
                        : operandQuantizers.get(product.left()),
                operandQuantizers.get(product.right()),
                probabilities);
    }

    private Map<String, Integer> operands() {
        Set<String> names = new LinkedHashSet<>();
        products.forEach(product -> names.addAll(List.of(product.left(), product.right())));
        Map<String, Integer> singleNumbers = new LinkedHashMap<>();
        names.forEach(name -> singleNumbers.put(name, 1));
        return singleNumbers;
    }

    private void searchLayers(Map<String, Statistics> statistics) {
        List<String> inputs = List.copyOf(statistics.keySet());
        try (Progress.Stage stage = progress.begin("searching intervals", inputs.size())) {
            List<List<LinearPlan>> plans =
                    Parallel.map(inputs.size(), config.capture().threads(), i -> {
                        List<LinearPlan> found =
                                search(layersByInput.get(inputs.get(i)), statistics.get(inputs.get(i)));
                        stage.step();
                        return found;
                    });
            plans.forEach(plan -> plan.forEach(layer -> layerPlans.put(layer.layer(), layer)));
        }
    }

    /** The layers that read one value share its quantizer. */
    private List<LinearPlan> search(List<LinearLayer> layers, Statistics statistics) {
        Method method = config.method();
        Bits bits = config.bitsAt(layers.stream().anyMatch(Planner::isEdge));
        List<Integer> massive = method.massiveChannels() ? MassiveChannels.find(statistics) : List.of();
        List<float[]> matrices =
                layers.stream().map(layer -> layer.matrix(recognition.graph())).toList();
        LayerQuantizers found = new LayerSearch(
                        method.search(), bits.weights(), bits.activations(), statistics, matrices, massive)
                .run();
        List<LinearPlan> plans = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            WeightCodes codes = round(matrices.get(i), found.scales().get(i), bits.weights(), statistics, massive);
            float[] correction = method.biasCorrection()
                    ? meanError(matrices.get(i), codes, found.input(), statistics)
                    : new float[0];
            plans.add(new LinearPlan(layers.get(i).output(), found.input(), codes, correction));
        }
        return plans;
    }

    /** The weight on its grid, without the rows of massive channels. */
    private WeightCodes round(
            float[] matrix, float[] scales, BitWidth bits, Statistics statistics, List<Integer> massive) {
        int outputs = matrix.length / statistics.channels();
        float[] quantizable = matrix.clone();
        massive.forEach(channel -> Arrays.fill(quantizable, channel * outputs, (channel + 1) * outputs, 0f));
        WeightCodes nearest = Rounding.nearestSafe(quantizable, statistics.channels(), outputs, scales, bits);
        return config.method().compensatedRounding()
                ? CompensatedRounding.round(quantizable, without(massive, statistics), nearest)
                : nearest;
    }

    /** The Gram matrix of the channels that the integer product reads: massive ones would drown them. */
    private static float[] without(List<Integer> massive, Statistics statistics) {
        int channels = statistics.channels();
        float[] gram = statistics.gram().clone();
        for (int channel : massive) {
            Arrays.fill(gram, channel * channels, (channel + 1) * channels, 0f);
            for (int row = 0; row < channels; row++) {
                gram[row * channels + channel] = 0;
            }
        }
        return gram;
    }

    private static float[] meanError(float[] matrix, WeightCodes codes, RowQuantizer input, Statistics statistics) {
        float[] quantized = codes.dequantize();
        for (int channel : input.massiveChannels()) {
            System.arraycopy(matrix, channel * codes.columns(), quantized, channel * codes.columns(), codes.columns());
        }
        return BiasCorrection.meanError(
                statistics.sample(), statistics.sampleWeights(), statistics.channels(), input, matrix, quantized);
    }

    private static boolean isEdge(LinearLayer layer) {
        return switch (layer.role()) {
            case PATCH_EMBEDDING, HEAD -> true;
            case BACKBONE,
                    QUERY,
                    KEY,
                    VALUE,
                    QUERY_KEY,
                    KEY_VALUE,
                    QUERY_KEY_VALUE,
                    HEAD_MIXING,
                    PROJECTION,
                    MLP_EXPAND,
                    MLP_GATE,
                    MLP_CONTRACT,
                    MERGE,
                    POOLING_SCORE,
                    OTHER -> false;
        };
    }

    private void searchOperands(Map<String, Statistics> statistics) {
        TensorSearch search = new TensorSearch(config.method().search());
        List<String> operands = List.copyOf(statistics.keySet());
        List<AffineQuantizer> found = Parallel.map(
                operands.size(),
                config.capture().threads(),
                i -> search.run(statistics.get(operands.get(i)), config.bits().activations()));
        for (int i = 0; i < operands.size(); i++) {
            operandQuantizers.put(operands.get(i), found.get(i));
        }
    }
}
