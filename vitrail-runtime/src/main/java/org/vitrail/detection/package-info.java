/**
 * Handles boxes around objects in images: reads them from a detector's outputs and from COCO's annotation files,
 * evaluates them, and draws them. Knows nothing of how a detector is built or run.
 */
package org.vitrail.detection;
