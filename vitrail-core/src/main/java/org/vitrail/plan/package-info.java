/**
 * What a run has decided, as data: a quantizer for every value, scales for every weight, corrections for every bias,
 * and where the decisions came from. Knows nothing of how they were found or what is done with them.
 */
package org.vitrail.plan;
