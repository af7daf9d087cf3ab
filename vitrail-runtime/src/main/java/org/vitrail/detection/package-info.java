/**
 * Boxes around objects in pictures: reading them from a detector's outputs and from COCO's annotation files, comparing
 * them, and drawing them. Knows nothing of how a detector is built or run.
 */
package org.vitrail.detection;
