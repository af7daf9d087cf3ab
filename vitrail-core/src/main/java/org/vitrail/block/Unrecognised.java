package org.vitrail.block;

import org.vitrail.graph.Node;

/**
 * A node with multiply-adds that fits no part and stays float.
 *
 * @param reason the reason, in words that complete "stays float because it is ..."
 */
public record Unrecognised(Node node, String reason) {}
