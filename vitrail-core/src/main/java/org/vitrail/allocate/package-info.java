/**
 * Gives bits to the modules of a model under a budget [P section 3.4]: what there is to choose for
 * ({@link org.vitrail.allocate.ModuleFinder}), what a choice costs in accuracy ({@link org.vitrail.allocate.Sensitivity}),
 * and the choices that cost least at each size ({@link org.vitrail.allocate.ParetoFrontier}). Knows nothing of how a module
 * is quantized at a width, or how a file is written.
 */
package org.vitrail.allocate;
