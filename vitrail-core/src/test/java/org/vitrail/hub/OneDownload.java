package org.vitrail.hub;

import org.vitrail.work.Progress;

/** A process that fetches one model and prints its path. */
final class OneDownload {
    private OneDownload() {}

    public static void main(String[] arguments) {
        System.out.println(Hub.ofEnvironment()
                .fetch(HubReference.parse(arguments[0]), Progress.none())
                .model());
    }
}
