/**
 * Chooses scales and zero points: candidates × objective → quantizers, layer by layer, from calibration statistics
 * alone. Knows nothing of graphs beyond a layer's matrix, and nothing of files or runtimes.
 */
package org.vitrail.search;
