/** The whole run, one sentence a stage: the only package that sees every stage. Knows nothing of command lines. */
package org.vitrail.pipeline;
