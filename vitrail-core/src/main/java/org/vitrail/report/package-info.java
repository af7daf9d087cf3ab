/**
 * Result records as text for people and JSON for programs. Knows nothing of how the figures came about, nor of
 * terminals: what is here is plain text of any width.
 */
package org.vitrail.report;
