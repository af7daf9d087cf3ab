package org.vitrail.allocate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.vitrail.allocate.TransformerModule.Kind;
import org.vitrail.allocate.TransformerModule.Part;
import org.vitrail.block.Attention;
import org.vitrail.block.Block;
import org.vitrail.block.LinearLayer;
import org.vitrail.block.Mlp;
import org.vitrail.block.Recognition;
import org.vitrail.plan.LinearPlan;
import org.vitrail.plan.Plan;
import org.vitrail.plan.ProductPlan;

/**
 * Finds the modules of a model: one for each attention (query, key, value, projection and its two products) and one for
 * each MLP. Modules with layers that read the same value are merged, because these share its quantizer. Patch
 * embedding, head and everything else outside of blocks belong to no module.
 */
public final class ModuleFinder {
    private final Recognition recognition;
    private final Set<String> layers = new HashSet<>();
    private final Set<String> products = new HashSet<>();

    private ModuleFinder(Recognition recognition, Plan plan) {
        this.recognition = recognition;
        plan.layers().stream().map(LinearPlan::layer).forEach(layers::add);
        plan.products().stream().map(ProductPlan::product).forEach(products::add);
    }

    /** Returns the modules of a model in which something is quantized, in data-flow order. */
    public static List<TransformerModule> of(Recognition recognition, Plan plan) {
        return new ModuleFinder(recognition, plan).find();
    }

    private List<TransformerModule> find() {
        List<TransformerModule> single = new ArrayList<>();
        for (Block block : recognition.blocks()) {
            int count = block.attentions().size();
            for (int i = 0; i < count; i++) {
                single.add(attention(block, block.attentions().get(i), count == 1 ? "" : " " + (i + 1)));
            }
            block.mlp().ifPresent(mlp -> single.add(mlp(block, mlp)));
        }
        return joined(single.stream()
                .filter(module ->
                        !module.layers().isEmpty() || !module.products().isEmpty())
                .toList());
    }

    private TransformerModule attention(Block block, Attention attention, String number) {
        List<String> own = Stream.of(
                        attention.query(),
                        attention.key(),
                        attention.value(),
                        attention.mixers(),
                        attention.projection().stream().toList())
                .flatMap(List::stream)
                .toList();
        String exit = attention
                .projection()
                .map(layer -> recognition.layer(layer).result())
                .orElse(attention.output().output());
        List<String> both = Stream.concat(attention.scores().stream(), Stream.of(attention.output()))
                .map(product -> product.output())
                .filter(products::contains)
                .toList();
        Part part = new Part(Kind.ATTENTION, block.index(), attention.softmax().output());
        return module("block " + block.index() + " " + Kind.ATTENTION.label() + number, part, own, both, exit);
    }

    private TransformerModule mlp(Block block, Mlp mlp) {
        List<String> own = Stream.of(Stream.of(mlp.expand()), mlp.gate().stream(), Stream.of(mlp.contract()))
                .flatMap(layer -> layer)
                .toList();
        String exit = recognition.layer(mlp.contract()).result();
        return module(
                "block " + block.index() + " " + Kind.MLP.label(),
                new Part(Kind.MLP, block.index(), exit),
                own,
                List.of(),
                exit);
    }

    private TransformerModule module(String name, Part part, List<String> own, List<String> both, String exit) {
        List<String> quantized =
                own.stream().distinct().filter(layers::contains).toList();
        return new TransformerModule(name, List.of(part), quantized, both, List.of(exit), parameters(quantized));
    }

    private long parameters(List<String> own) {
        return own.stream()
                .map(recognition::layer)
                .mapToLong(layer -> (long) layer.inFeatures() * layer.outFeatures())
                .sum();
    }

    /** Merges modules whose layers read the same value. */
    private List<TransformerModule> joined(List<TransformerModule> single) {
        List<TransformerModule> modules = new ArrayList<>();
        Map<String, TransformerModule> byInput = new HashMap<>();
        for (TransformerModule module : single) {
            TransformerModule whole = module;
            for (String input : inputs(module)) {
                TransformerModule earlier = byInput.get(input);
                if (earlier != null && modules.remove(earlier)) {
                    whole = join(earlier, whole);
                }
            }
            modules.add(whole);
            for (String input : inputs(whole)) {
                byInput.put(input, whole);
            }
        }
        return modules;
    }

    private Set<String> inputs(TransformerModule module) {
        Set<String> inputs = new LinkedHashSet<>();
        module.layers().stream().map(recognition::layer).map(LinearLayer::input).forEach(inputs::add);
        return inputs;
    }

    private TransformerModule join(TransformerModule first, TransformerModule second) {
        List<String> both = union(first.layers(), second.layers());
        return new TransformerModule(
                first.name() + " + " + second.name(),
                Stream.concat(first.parts().stream(), second.parts().stream()).toList(),
                both,
                union(first.products(), second.products()),
                union(first.exits(), second.exits()),
                parameters(both));
    }

    private static List<String> union(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).distinct().toList();
    }
}
