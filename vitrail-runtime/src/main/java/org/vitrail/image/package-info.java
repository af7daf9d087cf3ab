/**
 * Decodes image files, resizes as Pillow does, normalises into tensors, opens labelled folders and draws synthetic
 * images; knows nothing of models, graphs or quantization.
 */
package org.vitrail.image;
