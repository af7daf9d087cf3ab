/**
 * Rewrites a float model into an equal one that quantizes better. Knows nothing of bits and quantizers: a {@link
 * org.vitrail.fold.Transform} sees what was recognised and the statistics that it asked for.
 */
package org.vitrail.fold;
