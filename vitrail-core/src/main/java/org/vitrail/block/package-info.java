/**
 * Finds the parts of a transformer in a graph by its shape, never by names: linear layers, attention, norms,
 * activations, blocks, and what each of them is for. Any product with a constant matrix is a linear layer and any
 * softmax between two products is attention, whatever lies around them; roles are then read off the paths between them.
 *
 * <p>The engine is small: {@link org.vitrail.block.DataFlow} walks the graph, {@link org.vitrail.block.Pattern} matches
 * expressions, one class finds each kind of part, {@link org.vitrail.block.LayerRoles} says what linear layers are for, and
 * {@link org.vitrail.block.Recognition#of} is the table of contents. A new activation is a row in
 * {@link org.vitrail.block.Activation.Kind}, a new norm a row in {@link org.vitrail.block.Norm.Kind}.
 *
 * <p>Knows nothing of files, images, quantizers or named architectures.
 */
package org.vitrail.block;
