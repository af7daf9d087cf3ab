package org.vitrail.pipeline;

import org.vitrail.block.LinearLayer;
import org.vitrail.graph.DataType;
import org.vitrail.graph.Graph;
import org.vitrail.graph.Node;
import org.vitrail.graph.Weight;

/**
 * Explains why a layer stays float: the form of its product that {@code org.vitrail.canonical} cannot write as rows
 * times a matrix.
 */
final class FloatFallbackReasons {
    private FloatFallbackReasons() {}

    static String of(LinearLayer layer, Graph graph) {
        Node node = layer.node();
        Weight weight = graph.weights().get(layer.weight());
        if (weight != null && weight.type() != DataType.FLOAT) {
            return "its weight is " + weight.type() + ", not FLOAT";
        }
        if (!layer.isConvolution()) {
            return "not data times a plain matrix";
        }
        long groups = node.intAttribute("group", 1);
        if (groups > 1) {
            return "a convolution of " + groups + " groups, whose short sums are no faster in integers";
        }
        if (weight != null && weight.rank() != 4) {
            return "a convolution over " + (weight.rank() - 2) + " axes; over two, it would be quantized";
        }
        return node.stringAttribute("auto_pad", "NOTSET").startsWith("SAME")
                ? "a convolution padded by the size of its picture, which the model leaves open"
                : "a convolution that no product can replace";
    }
}
