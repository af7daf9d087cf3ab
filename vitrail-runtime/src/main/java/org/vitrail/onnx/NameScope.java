package org.vitrail.onnx;

import java.util.HashSet;
import java.util.Set;
import org.vitrail.tensor.VitrailException;

/** The value names that can be read at one point of a graph: its own so far, and those of the graphs around it. */
final class NameScope {
    private final NameScope outer;
    private final Set<String> names = new HashSet<>();

    /** {@code outer} is null for the model's own graph. */
    NameScope(NameScope outer) {
        this.outer = outer;
    }

    boolean sees(String name) {
        return names.contains(name) || (outer != null && outer.sees(name));
    }

    /** The graph's own names so far. */
    Set<String> own() {
        return Set.copyOf(names);
    }

    /** Adds a name, which must be new in this graph. */
    void define(String name, String where) {
        if (!names.add(name)) {
            throw new VitrailException(where + ": the value " + name
                    + " is defined twice in the graph, where each may be defined once; export the model again");
        }
    }
}
