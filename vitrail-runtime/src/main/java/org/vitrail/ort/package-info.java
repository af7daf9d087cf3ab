/**
 * Runs models by ONNX Runtime on the CPU; the only package that sees ONNX Runtime.
 */
package org.vitrail.ort;
