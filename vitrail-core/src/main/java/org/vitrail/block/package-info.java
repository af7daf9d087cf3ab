/**
 * Finds the parts of a transformer in a graph by its structure, never by names: linear layers, attention, norms,
 * activations, blocks, and their roles. Any product with a constant matrix is a linear layer and any softmax between
 * two products is attention, whatever surrounds them; roles are then derived from the paths between them.
 *
 * <p>{@link org.vitrail.block.DataFlow} walks the graph, {@link org.vitrail.block.Pattern} matches expressions, one
 * class finds each kind of part, {@link org.vitrail.block.LayerRoles} assigns roles to linear layers, and {@link
 * org.vitrail.block.Recognition#of} calls them in order. A new activation is a row in {@link
 * org.vitrail.block.Activation.Kind}, a new norm a row in {@link org.vitrail.block.Norm.Kind}. {@link
 * org.vitrail.block.ResidualStreamFinder} finds what writes and reads the residual stream of a recognised model.
 *
 * <p>Knows nothing of files, images, quantizers or named architectures.
 */
package org.vitrail.block;
