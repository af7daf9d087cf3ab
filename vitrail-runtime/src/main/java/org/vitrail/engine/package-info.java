/**
 * Defines what runs a model: {@link org.vitrail.engine.Engine} and its options. Knows nothing of any particular runtime.
 */
package org.vitrail.engine;
