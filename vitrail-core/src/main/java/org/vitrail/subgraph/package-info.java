/**
 * Cuts a graph into parts that run by themselves. Knows nothing of what the parts compute.
 */
package org.vitrail.subgraph;
