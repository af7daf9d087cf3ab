/**
 * Runs the calibration images through an engine once and keeps what the later stages asked to observe, as mergeable
 * statistics of bounded size. Knows nothing of what they are used for.
 */
package org.vitrail.capture;
