/**
 * The model as data: immutable nodes, values and weights, indices over them and the editor that makes new graphs from
 * old ones. Knows ONNX's operators and types as facts, and nothing of files, protobuf or quantization.
 */
package org.vitrail.graph;
