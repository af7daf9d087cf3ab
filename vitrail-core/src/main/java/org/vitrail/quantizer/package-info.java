/**
 * Uniform quantizers as pure arithmetic: integer grids, scales, zero points. Knows nothing of graphs, images or how an
 * interval is chosen.
 */
package org.vitrail.quantizer;
