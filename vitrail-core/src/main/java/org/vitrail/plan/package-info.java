/**
 * The decisions of a run as data: a quantizer for every value, codes and scales for every weight, corrections for every
 * bias, and the file that keeps them with their provenance. Knows nothing of how they were found or what is done with
 * them.
 */
package org.vitrail.plan;
