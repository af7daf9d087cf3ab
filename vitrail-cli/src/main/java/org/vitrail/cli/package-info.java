/** The command line: one class a command, each a thin caller of the library; it knows nothing of graphs or numbers. */
package org.vitrail.cli;
