package org.vitrail.canonical;

import java.util.Set;
import org.vitrail.graph.DataType;
import org.vitrail.graph.ElementTypeConversion;
import org.vitrail.graph.Graph;

/**
 * Converts models in half precision to float32. Each float16 and bfloat16 number is a float32 one, so weights keep their
 * values exactly; results differ from the original's by what that rounds along the way. Inputs and outputs keep their
 * types, so that the converted model takes the place of the original.
 */
public final class SinglePrecision {
    private static final Set<DataType> HALF = Set.of(DataType.FLOAT16, DataType.BFLOAT16);

    private SinglePrecision() {}

    /** The same model computing in float32; the graph itself where it holds nothing in half precision. */
    public static Graph of(Graph graph) {
        return ElementTypeConversion.convert(graph, HALF, DataType.FLOAT);
    }
}
