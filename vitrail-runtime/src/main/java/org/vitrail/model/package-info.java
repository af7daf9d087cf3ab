/**
 * Reads how a model is used: its picture input, its class names, its task, and file formats beside ONNX. Knows nothing
 * of running a model.
 */
package org.vitrail.model;
