package org.vitrail.pipeline;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vitrail.block.Product;
import org.vitrail.block.Recognition;
import org.vitrail.capture.Statistics;
import org.vitrail.plan.ProductPlan;
import org.vitrail.quantizer.AffineQuantizer;
import org.vitrail.quantizer.BitWidth;
import org.vitrail.search.TensorSearch;
import org.vitrail.work.Parallel;

/** Plans the products of attention from the statistics of their operands. */
final class ProductPlanner {
    private final Recognition recognition;
    private final QuantizationConfig config;
    private final Set<BitWidth> widths = new LinkedHashSet<>();
    private final List<Product> products;
    private final Map<OperandKey, AffineQuantizer> quantizers = new HashMap<>();

    /** An operand by its name, and its bits. */
    private record OperandKey(String operand, BitWidth bits) {}

    ProductPlanner(Recognition recognition, QuantizationConfig config, Set<Bits> widths) {
        this.recognition = recognition;
        this.config = config;
        widths.forEach(bits -> this.widths.add(bits.activations()));
        this.products = config.attention() == QuantizationConfig.AttentionMode.QUANTIZED
                ? recognition.products().stream()
                        .filter(product -> product.role() != Product.Role.OTHER)
                        .toList()
                : List.of();
    }

    /** The values to observe, as single numbers: both operands of each product. */
    Map<String, Integer> observed() {
        Map<String, Integer> singleNumbers = new LinkedHashMap<>();
        for (Product product : products) {
            singleNumbers.put(product.left(), 1);
            singleNumbers.put(product.right(), 1);
        }
        return singleNumbers;
    }

    /** Searches the intervals of these operands, at every width. */
    void act(Map<String, Statistics> statistics) {
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
            quantizers.put(keys.get(i), found.get(i));
        }
    }

    /** The plans of all products, in graph order. */
    List<ProductPlan> plans(Bits bits) {
        return products.stream()
                .map(product -> plan(product, bits.activations()))
                .toList();
    }

    private ProductPlan plan(Product product, BitWidth bits) {
        boolean probabilities = recognition.attentions().stream()
                .anyMatch(attention -> attention.output().output().equals(product.output())
                        && attention.probabilitySide() == 0
                        && attention.mixers().isEmpty());
        return new ProductPlan(
                product.output(),
                probabilities
                        ? AffineQuantizer.ofRange(0, 1, bits.unsigned())
                        : quantizers.get(new OperandKey(product.left(), bits)),
                quantizers.get(new OperandKey(product.right(), bits)),
                probabilities);
    }
}
