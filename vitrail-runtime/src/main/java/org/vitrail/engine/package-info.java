/**
 * Defines what runs a model: {@link org.vitrail.engine.Engine}, who opens one, and the context of a run. Knows nothing of
 * any particular inference library.
 */
package org.vitrail.engine;
