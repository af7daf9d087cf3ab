package org.vitrail.block;

import java.util.OptionalLong;

/**
 * One row of an {@link Inspection}.
 *
 * @param place the block, or "" outside of blocks
 * @param node the node's label in the file
 * @param shape input and output extents for one image, "?" where unknown
 * @param multiplyAdds for one image; empty where shapes are not known
 * @param note further properties: heads, scales, masks, activation
 */
public record InspectedPart(
        String place,
        String role,
        String node,
        String shape,
        long parameters,
        OptionalLong multiplyAdds,
        String note) {}
