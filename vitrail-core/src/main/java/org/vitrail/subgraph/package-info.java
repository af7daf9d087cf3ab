/**
 * Cuts a graph into parts that run by themselves, and runs them one after the other. Knows nothing of what the parts
 * compute.
 */
package org.vitrail.subgraph;
