package org.vitrail.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.vitrail.export.SaturationProof;
import org.vitrail.onnx.OnnxFile;
import org.vitrail.quantizer.SaturationRule;
import org.vitrail.report.TextTable;
import org.vitrail.report.TextTable.Column;
import org.vitrail.report.Units;
import org.vitrail.tensor.VitrailException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * Implements {@code vitrail prove}: proves from its weights that a quantized model gives the same result on every CPU.
 */
@Command(
        name = "prove",
        description = "Proves from the weights in a quantized model that no 8-bit product can saturate on any CPU.",
        footerHeading = "%nExample:%n",
        footer = {
            "  vitrail prove deit-int8.onnx",
            "",
            "x86 CPUs with AVX2 but no VNNI add two products of uint8 and int8 in 16 bits and",
            "saturate in silence. That cannot happen where in every pair of neighbouring",
            "weights those of one sign add up to 128 at most. Exit code 0 where that holds,",
            "3 where not."
        })
final class Prove implements Callable<Integer> {
    @Mixin
    private JsonOption json;

    @Parameters(paramLabel = "MODEL", description = "A quantized ONNX file.")
    private ModelSource model;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() {
        json.requireWritable();
        ModelSource.Located located = model.locate(common);
        SaturationProof proof = SaturationProof.of(OnnxFile.read(located.path()));
        if (proof.products().isEmpty()) {
            throw new VitrailException(
                    located.label() + " holds no quantized product: give a model that vitrail quantize wrote");
        }
        json.write(proof);
        common.say(table(proof));
        common.say("");
        proof.products().stream()
                .filter(product -> !product.isSafe())
                .forEach(product -> common.say(product.name()
                        + ": " + Units.plural(product.violations(), "pair") + " may saturate (largest sum "
                        + product.largest() + ")"));
        common.sayWrapped(
                proof.holds()
                        ? common.paint().good("Proved: ") + "no pair of products can saturate, so 8-bit arithmetic"
                                + " gives the same on every CPU."
                        : common.paint().bad("Not proved: ") + "on CPUs with AVX2 but no VNNI some products may"
                                + " saturate and give other results.");
        return proof.holds() ? ExitCode.DONE : ExitCode.NOT_PROVED;
    }

    private static TextTable table(SaturationProof proof) {
        Map<SaturationProof.Kind, List<SaturationProof.Product>> byKind = proof.products().stream()
                .collect(Collectors.groupingBy(SaturationProof.Product::kind, LinkedHashMap::new, Collectors.toList()));
        TextTable table = new TextTable(
                Column.left("products"),
                Column.right("count"),
                Column.right("weight pairs"),
                Column.right("may saturate"),
                Column.right("largest sum (at most " + SaturationRule.MAX_PAIR_SUM + ")"));
        byKind.forEach((kind, products) -> {
            long pairs =
                    products.stream().mapToLong(SaturationProof.Product::pairs).sum();
            long violations = products.stream()
                    .mapToLong(SaturationProof.Product::violations)
                    .sum();
            int largest = products.stream()
                    .mapToInt(SaturationProof.Product::largest)
                    .max()
                    .orElse(0);
            table.row(
                    kind.label(),
                    Integer.toString(products.size()),
                    pairs == 0 ? "" : String.format(Locale.ROOT, "%,d", pairs),
                    String.format(Locale.ROOT, "%,d", violations),
                    largest == 0 ? "" : Integer.toString(largest));
        });
        return table;
    }
}
