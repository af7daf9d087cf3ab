/**
 * Uniform quantizers as pure arithmetic: integer grids, scales, zero points. Knows nothing of graphs, images or how a
 * clipping range is chosen.
 */
package org.vitrail.quantizer;
