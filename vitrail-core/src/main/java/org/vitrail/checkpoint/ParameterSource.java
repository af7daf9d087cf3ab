package org.vitrail.checkpoint;

import java.util.List;

/** Where the values of a model's parameters come from; names are timm's. */
@FunctionalInterface
interface ParameterSource {
    /** The values in row-major order, a new array; {@code shape} is the parameter's shape in timm. */
    float[] values(String name, List<Integer> shape);
}
