/**
 * The API to use a model: {@link org.vitrail.Model} opens a model with all that is known about using it, and {@link
 * org.vitrail.Classifier} classifies pictures with it.
 */
package org.vitrail;
