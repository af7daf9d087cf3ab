package org.vitrail.shape;

import org.vitrail.graph.Dim;

/**
 * A number, or a number times a symbolic extent: the value of an element of a shape vector.
 *
 * @param symbol empty for the number {@code factor} itself
 */
public record ScaledSymbol(long factor, String symbol) {
    public boolean isNumber() {
        return symbol.isEmpty();
    }

    /** Returns the value as an extent; a multiple of a symbol becomes a symbol such as {@code 3*batch}. */
    Dim asDim() {
        return isNumber() ? Dim.of(factor) : new Dim.Symbol(factor == 1 ? symbol : factor + "*" + symbol);
    }
}
