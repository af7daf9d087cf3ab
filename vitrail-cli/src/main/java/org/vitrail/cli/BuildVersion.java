package org.vitrail.cli;

import org.vitrail.quantize.Version;
import picocli.CommandLine.IVersionProvider;

/** Provides the version of this build. */
final class BuildVersion implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {Version.describe() + " on Java " + Runtime.version()};
    }
}
