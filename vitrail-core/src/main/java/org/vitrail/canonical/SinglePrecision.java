package org.vitrail.canonical;

import java.util.Set;
import org.vitrail.graph.DataType;
import org.vitrail.graph.ElementTypeConversion;
import org.vitrail.graph.Graph;

/**
 * Converts models in half precision to float32. Every float16 and bfloat16 number is also a float32 number, so weights
 * keep their values exactly; results differ from the original's only by its rounding of intermediate values. Inputs and
 * outputs keep their types, so that the converted model can replace the original.
 */
public final class SinglePrecision {
    private static final Set<DataType> HALF = Set.of(DataType.FLOAT16, DataType.BFLOAT16);

    private SinglePrecision() {}

    /** Returns the same model computing in float32; the graph itself where it holds nothing in half precision. */
    public static Graph of(Graph graph) {
        return ElementTypeConversion.convert(graph, HALF, DataType.FLOAT);
    }
}
