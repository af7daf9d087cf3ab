/**
 * Compensates the error of quantization: rounding that passes each weight's error on to the weights behind it, and
 * biases that absorb the mean error. Knows nothing of how scales were chosen.
 */
package org.vitrail.compensate;
