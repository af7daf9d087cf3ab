/**
 * Describes what a model is for ({@link org.vitrail.task.Task}) and reads its answers from its outputs. Knows nothing of
 * how a model is run or judged.
 */
package org.vitrail.task;
