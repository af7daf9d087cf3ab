/**
 * The command line: one class a command, each a thin caller of the library. {@link org.vitrail.cli.Main} holds the exit
 * codes; {@link org.vitrail.cli.Terminal} and {@link org.vitrail.cli.ProgressBar} are all that knows of terminals. It
 * knows nothing of how anything is computed.
 */
package org.vitrail.cli;
