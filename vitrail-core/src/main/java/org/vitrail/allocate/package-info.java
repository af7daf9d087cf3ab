/**
 * Assigns bit widths to the modules of a model under a budget [P section 3.4]: finds the modules
 * ({@link org.vitrail.allocate.ModuleFinder}), measures what each width costs in accuracy
 * ({@link org.vitrail.allocate.Sensitivity}), and computes the choices of least cost at each size
 * ({@link org.vitrail.allocate.ParetoFrontier}). Knows nothing of how a module is quantized at a width, or how a file
 * is written.
 */
package org.vitrail.allocate;
