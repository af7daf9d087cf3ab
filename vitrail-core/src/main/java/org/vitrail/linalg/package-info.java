/**
 * Multiplies and decomposes matrices by OpenBLAS; the only package that sees it.
 */
package org.vitrail.linalg;
