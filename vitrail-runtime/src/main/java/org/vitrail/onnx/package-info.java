/**
 * ONNX files, compressed or not, to {@link org.vitrail.graph.Graph} and back, loss-free. The only package that sees
 * protobuf and Zstandard; external data stays inside the model's folder. Knows nothing of operators' meaning, of
 * quantization, or of running a model.
 */
package org.vitrail.onnx;
