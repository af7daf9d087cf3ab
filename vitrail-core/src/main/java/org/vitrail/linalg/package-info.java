/**
 * Multiplies and decomposes matrices with OpenBLAS; the only package that depends on it.
 */
package org.vitrail.linalg;
