/**
 * The command line: one class per command, each a thin caller of the library. {@link org.vitrail.cli.Main} holds the
 * exit codes; only {@link org.vitrail.cli.Terminal} and {@link org.vitrail.cli.ProgressBar} know of terminals. Knows
 * nothing of how anything is computed.
 */
package org.vitrail.cli;
