package org.vitrail.onnx;

import java.util.HashSet;
import java.util.Set;
import org.vitrail.tensor.VitrailException;

/**
 * Holds the value names that are visible at one point of a graph: those defined so far in it, and those of the
 * enclosing graphs.
 */
final class NameScope {
    private final NameScope outer;
    private final Set<String> names = new HashSet<>();

    /** Opens a scope inside {@code outer}, which is null for the model's own graph. */
    NameScope(NameScope outer) {
        this.outer = outer;
    }

    boolean sees(String name) {
        return names.contains(name) || (outer != null && outer.sees(name));
    }

    /** The names defined so far in this graph, without those of enclosing graphs. */
    Set<String> own() {
        return Set.copyOf(names);
    }

    /** Adds a name, which must be new in this graph. */
    void define(String name, String where) {
        if (!names.add(name)) {
            throw new VitrailException(where + ": the value " + name
                    + " is defined twice in the graph, but each may be defined only once; export the model again");
        }
    }
}
