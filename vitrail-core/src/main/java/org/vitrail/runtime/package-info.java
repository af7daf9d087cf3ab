/**
 * Runs a graph on given inputs and returns named values: {@link org.vitrail.runtime.Engine}, with ONNX Runtime as its
 * one implementation. Knows nothing of images, calibration or quantization.
 */
package org.vitrail.runtime;
