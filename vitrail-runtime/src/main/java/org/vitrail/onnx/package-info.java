/**
 * Converts ONNX files, compressed or not, to {@link org.vitrail.graph.Graph} and back without loss. The only package
 * that sees protobuf and Zstandard; external data stays inside the model's folder. Knows nothing of the meaning of
 * operators, of quantization, or of running a model.
 */
package org.vitrail.onnx;
