/**
 * Turns a checkpoint (safetensors with its {@code config.json}) or a named shape with random weights into a
 * {@link org.vitrail.graph.Graph}. Files are untrusted: whatever is in one, reading gives a graph or a sentence. Knows
 * the key names of timm, Hugging Face, torchvision and PyTorch, and how a plain vision transformer is put together;
 * knows nothing of ONNX files, images or quantization.
 */
package org.vitrail.checkpoint;
