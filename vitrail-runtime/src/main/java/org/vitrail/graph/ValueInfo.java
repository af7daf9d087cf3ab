package org.vitrail.graph;

import java.util.List;
import java.util.Optional;

/**
 * The declaration of a value in a model file: name, element type and extents, each as far as it is known.
 *
 * @param type empty where the file gives none or the value is not a tensor
 * @param shape empty where even the rank is unknown
 * @param rest other contents of the declaration, kept for writing back
 */
public record ValueInfo(String name, Optional<DataType> type, Optional<List<Dim>> shape, UninterpretedProto rest) {
    public ValueInfo {
        shape = shape.map(List::copyOf);
    }

    /** A value of which only the name is known. */
    public static ValueInfo named(String name) {
        return new ValueInfo(name, Optional.empty(), Optional.empty(), UninterpretedProto.NONE);
    }

    public static ValueInfo of(String name, DataType type, List<Dim> shape) {
        return new ValueInfo(name, Optional.of(type), Optional.of(shape), UninterpretedProto.NONE);
    }
}
