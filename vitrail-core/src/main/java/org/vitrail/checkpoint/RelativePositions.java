package org.vitrail.checkpoint;

import java.util.List;
import java.util.Map;
import org.vitrail.graph.Attribute;

/**
 * Adds the bias of attention scores that depends on the distance of two positions: a table (distances, heads), looked
 * up for each pair of positions in a square grid (Liu et al. 2021, section 3.2; Bao et al. 2022).
 */
record RelativePositions(LayerBuilder layers, String index, String shape) {
    /** Adds the constants of a grid of {@code side} × {@code side} positions. */
    static RelativePositions of(LayerBuilder layers, String name, int side, boolean classToken, int heads) {
        int tokens = side * side + (classToken ? 1 : 0);
        long[] index = classToken ? withClassToken(side) : index(side);
        return new RelativePositions(
                layers,
                layers.integers(name + ".index", index),
                layers.integers(name + ".shape", 1, tokens, tokens, heads));
    }

    /** Adds the bias (1, heads, tokens, tokens) from a table. */
    String bias(String table) {
        String rows = layers.op(
                "Gather", List.of(layers.parameter(table), index), table + ".rows", Map.of("axis", Attribute.of(0)));
        String square = layers.op("Reshape", List.of(rows, shape), table + ".square");
        return layers.transpose(square, table + ".bias", 0, 3, 1, 2);
    }

    /** Row of the table for each pair of positions: (Δrow + s − 1)(2s − 1) + Δcolumn + s − 1. */
    private static long[] index(int side) {
        int area = side * side;
        long[] index = new long[Math.multiplyExact(area, area)];
        for (int from = 0; from < area; from++) {
            for (int to = 0; to < area; to++) {
                int rows = from / side - to / side + side - 1;
                int columns = from % side - to % side + side - 1;
                index[from * area + to] = (long) rows * (2 * side - 1) + columns;
            }
        }
        return index;
    }

    /** The table's last three rows: from the class token to a patch, from a patch to it, and to itself. */
    private static long[] withClassToken(int side) {
        int area = side * side;
        int tokens = area + 1;
        long distances = (2L * side - 1) * (2 * side - 1);
        long[] patches = index(side);
        long[] index = new long[Math.multiplyExact(tokens, tokens)];
        for (int from = 1; from < tokens; from++) {
            index[from] = distances;
            index[from * tokens] = distances + 1;
            System.arraycopy(patches, (from - 1) * area, index, from * tokens + 1, area);
        }
        index[0] = distances + 2;
        return index;
    }
}
