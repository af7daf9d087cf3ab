/**
 * Pictures: decodes files, resizes as Pillow does, normalises into tensors, opens labelled folders and draws synthetic
 * ones; knows nothing of models, graphs or quantization.
 */
package org.vitrail.image;
