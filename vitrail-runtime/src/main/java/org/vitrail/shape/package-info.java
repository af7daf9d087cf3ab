/**
 * Infers types, shapes, and constants of the values of a graph, operator by operator. Knows nothing of files, engines or
 * quantization.
 */
package org.vitrail.shape;
