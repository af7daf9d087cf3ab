package org.vitrail.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.detection.TrueObject;

/** What is known to be in a picture: its class, or the objects in it. */
public record Truth(OptionalInt label, Optional<List<TrueObject>> objects) {
    /** Nothing is known. */
    public static final Truth NONE = new Truth(OptionalInt.empty(), Optional.empty());

    public Truth {
        objects = objects.map(List::copyOf);
    }
}
