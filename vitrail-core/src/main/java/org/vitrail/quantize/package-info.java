/**
 * The API to quantize: {@link org.vitrail.quantize.Vitrail} quantizes a model in one call, and {@link
 * org.vitrail.quantize.Comparison} measures models beside each other.
 */
package org.vitrail.quantize;
