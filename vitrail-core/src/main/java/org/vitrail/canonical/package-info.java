/**
 * Rewrites a model as read from a file into the canonical form that recognition and export accept: opset 13 or later,
 * float32, standard operators, folded constants, convolutions and products with constants as rows times a matrix. Each
 * rewrite is a pure function from graph to graph. Knows nothing of blocks, plans or files.
 */
package org.vitrail.canonical;
