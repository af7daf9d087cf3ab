/** Fuzzes everything that reads untrusted input: calls a reader with any bytes, and holds it to bounds. */
package org.vitrail.fuzz;
