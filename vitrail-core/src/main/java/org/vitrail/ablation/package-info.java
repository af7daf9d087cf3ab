/**
 * Measures quantization methods against each other and the components of the paper's method: every cell of the tables
 * is one quantized model. Knows nothing of command lines.
 */
package org.vitrail.ablation;
