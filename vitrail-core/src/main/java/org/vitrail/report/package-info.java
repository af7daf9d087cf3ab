/**
 * Formats result records as text for people and JSON for programs. Knows nothing of how the figures were computed, nor
 * of terminals: the text is plain and of any width.
 */
package org.vitrail.report;
