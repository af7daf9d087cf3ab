/**
 * Measures speed and memory: of single steps with JMH, of whole runs against targets. Knows nothing of command lines
 * beyond its own arguments, and nothing depends on it.
 */
package org.vitrail.benchmarks;
