package org.vitrail.cli;

import java.util.Map;

/** The surroundings of a command. */
interface CommandContext {
    Terminal terminal();

    /** Returns the environment variables by name. */
    Map<String, String> environment();
}
