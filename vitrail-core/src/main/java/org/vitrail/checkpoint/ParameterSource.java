package org.vitrail.checkpoint;

import java.util.List;

/** Supplies the values of a model's parameters; names are timm's. */
@FunctionalInterface
interface ParameterSource {
    /** Returns the values in row-major order, in a new array; {@code shape} is the parameter's shape in timm. */
    float[] values(String name, List<Integer> shape);
}
