/**
 * Measures a method part by part and against others: every cell of the tables is one quantized model. Knows nothing of
 * command lines.
 */
package org.vitrail.ablation;
