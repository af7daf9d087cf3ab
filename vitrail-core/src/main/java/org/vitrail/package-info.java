/**
 * What an application needs: {@link org.vitrail.Model} opens a model with all that is known about using it, and {@link
 * org.vitrail.Classifier} classifies pictures. The packages below are one stage of the work each; ARCHITECTURE.md gives
 * their order.
 */
package org.vitrail;
