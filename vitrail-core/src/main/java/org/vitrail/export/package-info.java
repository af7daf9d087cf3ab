/**
 * Writes a plan into the graph for an export target. Knows nothing of how the plan was found; the resulting graph needs
 * only an ONNX runtime.
 */
package org.vitrail.export;
