/**
 * Reads and writes the binary form in which partial results pass from one process to another: big endian, versioned,
 * strict and bounded on reading, since what arrives is not trusted. Knows nothing of what is in it.
 */
package org.vitrail.wire;
