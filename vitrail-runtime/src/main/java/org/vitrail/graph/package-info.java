/**
 * Holds a model as data: immutable nodes, values and weights, indices over them, and the editor that makes new graphs
 * from old ones. Knows nothing of files, protobuf, shapes or quantization.
 */
package org.vitrail.graph;
