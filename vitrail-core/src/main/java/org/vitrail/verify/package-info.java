/**
 * Measures a model and checks what quantization promised: accuracy, agreement with the float model, difference between
 * deployed and simulated outputs, latency, memory. Knows nothing of how a model was quantized.
 */
package org.vitrail.verify;
