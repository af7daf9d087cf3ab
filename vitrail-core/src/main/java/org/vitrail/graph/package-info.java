/**
 * The model as data: immutable nodes, values and weights, indices over them and the editor that makes new graphs from
 * old ones; what follows from operators alone: types, shapes, and constants that can be folded. Knows ONNX's operators
 * and types as facts, and nothing of files, protobuf or quantization.
 */
package org.vitrail.graph;
