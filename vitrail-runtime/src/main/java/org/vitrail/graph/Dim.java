package org.vitrail.graph;

/**
 * One extent of a value: a number, or a symbolic name such as the batch whose number is known only when the model runs.
 */
public sealed interface Dim {
    record Known(long extent) implements Dim {
        public Known {
            if (extent < 0) {
                throw new IllegalArgumentException("an extent cannot be negative, got " + extent);
            }
        }

        @Override
        public String toString() {
            return Long.toString(extent);
        }
    }

    /** A symbolic extent; an empty name means that nothing is known about it. */
    record Symbol(String name) implements Dim {
        @Override
        public String toString() {
            return name.isEmpty() ? "?" : name;
        }
    }

    /** An extent about which nothing is known. */
    static Dim unknown() {
        return new Symbol("");
    }

    static Dim of(long extent) {
        return new Known(extent);
    }

    /** Returns whether this is the number {@code extent}. */
    default boolean is(long extent) {
        return this instanceof Known(long known) && known == extent;
    }
}
