/**
 * Cuts a graph into parts that can be run by themselves. Knows nothing of what the parts compute.
 */
package org.vitrail.subgraph;
