/**
 * Chooses quantization intervals: candidates × objective → scales and zero points, layer by layer, from calibration
 * statistics alone. Knows nothing of graphs beyond a layer's matrix, and nothing of files or runtimes.
 */
package org.vitrail.search;
