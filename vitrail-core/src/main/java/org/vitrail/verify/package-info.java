/**
 * Says how good a model is and whether it does what was promised: accuracy, agreement with the float model, difference
 * between deployed and simulated outputs, latency, memory. Knows nothing of how a model was quantized.
 */
package org.vitrail.verify;
