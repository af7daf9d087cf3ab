/**
 * Rewrites that leave a model's outputs as they are and make it easier to quantize: pure functions from graph to graph.
 * Knows nothing of files, plans or how intervals are chosen.
 */
package org.vitrail.fold;
