/**
 * Imports a checkpoint (safetensors with its {@code config.json}), or a named architecture with random weights, as a
 * {@link org.vitrail.graph.Graph}. Files are untrusted: whatever a file holds, reading it returns a graph or throws a
 * {@link org.vitrail.tensor.VitrailException}. Knows the key names of timm, Hugging Face, torchvision and PyTorch, and
 * the structure of each family of vision transformers; knows nothing of ONNX files, images or quantization.
 */
package org.vitrail.checkpoint;
