/**
 * Measures speed and memory: of single steps with JMH, of the whole against what was promised. Knows nothing of command
 * lines beyond its own arguments, and nothing depends on it.
 */
package org.vitrail.benchmarks;
