package org.vitrail.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.block.Attention;
import org.vitrail.block.Product;
import org.vitrail.block.Recognition;
import org.vitrail.capture.ActivationStatistics;
import org.vitrail.capture.ProductRequest;
import org.vitrail.capture.ProductSample;
import org.vitrail.graph.Dim;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.quantizer.HeadQuantizers;
import org.vitrail.search.AttentionConfig;
import org.vitrail.search.Objective;
import org.vitrail.search.ProductQuantizers;
import org.vitrail.search.ProductSearch;
import org.vitrail.search.TensorSearch;
import org.vitrail.shape.Shapes;
import org.vitrail.work.Parallel;
import org.vitrail.work.Progress;

/**
 * Plans the products of attention: searches both operands jointly by the error of the product, or each operand by
 * itself, as the method asks.
 */
final class ProductPlanner {
    /** Axis of the heads in an operand, counted from the end: before rows and columns. */
    private static final int HEAD_AXIS = -3;

    private final Recognition recognition;
    private final QuantizationConfig config;
    private final AttentionConfig attention;
    private final Set<BitWidth> widths = new LinkedHashSet<>();
    private final List<Part> parts;
    private final Map<OperandKey, AffineQuantizer> apart = new HashMap<>();
    private final Map<ProductKey, ProductQuantizers> together = new HashMap<>();

    /** A product and the attention layer that it belongs to. */
    private record Part(Product product, Attention attention) {
        boolean isOutput() {
            return attention.output().output().equals(product.output());
        }

        /** Returns whether the left operand holds attention probabilities. */
        boolean hasProbabilitiesOnLeft() {
            return isOutput()
                    && attention.probabilitySide() == 0
                    && attention.mixers().isEmpty();
        }

        ProductRequest request() {
            return isOutput()
                    ? new ProductRequest(
                            product.left(), product.right(), Optional.empty(), attention.probabilitySide() == 1)
                    : new ProductRequest(
                            product.left(),
                            product.right(),
                            Optional.of(attention.softmaxInput()),
                            attention.querySide() == 1);
        }
    }

    /** An operand, identified by its name, at a bit width. */
    private record OperandKey(String operand, BitWidth bits) {}

    /** A product, identified by its request, at a bit width. */
    private record ProductKey(ProductRequest product, BitWidth bits) {}

    ProductPlanner(Recognition recognition, QuantizationConfig config, Set<Bits> widths) {
        this.recognition = recognition;
        this.config = config;
        this.attention = config.method().search().attention();
        widths.forEach(bits -> this.widths.add(bits.activations()));
        this.parts = config.attention() == AttentionMode.QUANTIZED
                ? recognition.products().stream().flatMap(this::part).toList()
                : List.of();
    }

    private Stream<Part> part(Product product) {
        return recognition.attentions().stream()
                .filter(candidate -> Stream.concat(candidate.scores().stream(), Stream.of(candidate.output()))
                        .anyMatch(own -> own.output().equals(product.output())))
                .findFirst()
                .map(own -> new Part(product, own))
                .stream();
    }

    /** Returns the operands that are searched by themselves, each observed as one channel. */
    Map<String, Integer> observed() {
        Map<String, Integer> channels = new LinkedHashMap<>();
        parts.stream()
                .filter(part -> !isSearchedTogether(part))
                .flatMap(part -> Stream.of(part.product().left(), part.product().right()))
                .forEach(operand -> channels.put(operand, 1));
        return channels;
    }

    /** Returns the products whose operands are searched jointly. */
    List<ProductRequest> observedProducts() {
        return parts.stream()
                .filter(this::isSearchedTogether)
                .map(Part::request)
                .toList();
    }

    private boolean isSearchedTogether(Part part) {
        return attention.scope() == Objective.Scope.OUTPUT
                && part.product().node().is("MatMul")
                && !isRowScaled(part);
    }

    private boolean isRowScaled(Part part) {
        return attention.rowScaled() && part.hasProbabilitiesOnLeft();
    }

    /** Searches these operands independently, at every bit width. */
    void act(Map<String, ActivationStatistics> statistics) {
        TensorSearch search = new TensorSearch(config.method().search());
        List<OperandKey> keys = statistics.keySet().stream()
                .flatMap(operand -> widths.stream().map(bits -> new OperandKey(operand, bits)))
                .toList();
        List<AffineQuantizer> found = Parallel.map(
                keys.size(),
                config.capture().threads(),
                i -> search.run(
                        statistics.get(keys.get(i).operand()), keys.get(i).bits()));
        for (int i = 0; i < keys.size(); i++) {
            apart.put(keys.get(i), found.get(i));
        }
    }

    /** Searches these products at every bit width, one after the other, each on all threads. */
    void actOnProducts(Map<ProductRequest, ProductSample> samples, Progress progress) {
        Shapes shapes = Shapes.infer(recognition.graph());
        try (Progress.Stage stage = progress.begin("searching attention", samples.size())) {
            samples.forEach((request, sample) -> {
                ProductSearch search = new ProductSearch(
                        config.method().search(), sample, config.capture().threads());
                boolean perHead = attention.granularity() == AttentionConfig.Granularity.PER_HEAD
                        && hasHeads(shapes, request.left(), sample.heads())
                        && hasHeads(shapes, request.right(), sample.heads());
                for (BitWidth bits : widths) {
                    together.put(new ProductKey(request, bits), perHead ? search.perHead(bits) : search.perLayer(bits));
                }
                stage.step();
            });
        }
    }

    private static boolean hasHeads(Shapes shapes, String operand, int heads) {
        List<Dim> shape = shapes.of(operand).orElse(List.of());
        return shape.size() >= -HEAD_AXIS && shape.get(shape.size() + HEAD_AXIS).is(heads);
    }

    /** Returns the plans of all products, in graph order. */
    List<ProductPlan> plans(Bits bits) {
        List<ProductPlan> plans = new ArrayList<>();
        for (Part part : parts) {
            plans.add(isSearchedTogether(part) ? together(part, bits.activations()) : apart(part, bits.activations()));
        }
        return plans;
    }

    private ProductPlan together(Part part, BitWidth bits) {
        ProductRequest request = part.request();
        ProductQuantizers found = together.get(new ProductKey(request, bits));
        HeadQuantizers queries = new HeadQuantizers(found.left(), HEAD_AXIS);
        HeadQuantizers others = new HeadQuantizers(found.right(), HEAD_AXIS);
        return new ProductPlan(
                part.product().output(),
                request.queriesOnRight() ? others : queries,
                request.queriesOnRight() ? queries : others,
                false);
    }

    private ProductPlan apart(Part part, BitWidth bits) {
        boolean rowScaled = isRowScaled(part);
        return new ProductPlan(
                part.product().output(),
                HeadQuantizers.shared(
                        rowScaled
                                ? AffineQuantizer.ofRange(0, 1, bits.unsigned())
                                : apart.get(new OperandKey(part.product().left(), bits))),
                HeadQuantizers.shared(apart.get(new OperandKey(part.product().right(), bits))),
                rowScaled);
    }
}
