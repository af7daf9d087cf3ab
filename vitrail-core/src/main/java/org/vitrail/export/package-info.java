/**
 * Writes a plan into the graph: one exporter, one row a target. Knows nothing of how the plan was found; the graph that
 * comes out needs nothing but an ONNX runtime.
 */
package org.vitrail.export;
