package org.vitrail.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.detection.GroundTruthObject;

/** What is known to be in a picture: its class, or the objects in it. */
public record GroundTruth(OptionalInt label, Optional<List<GroundTruthObject>> objects) {
    /** Nothing is known. */
    public static final GroundTruth NONE = new GroundTruth(OptionalInt.empty(), Optional.empty());

    public GroundTruth {
        objects = objects.map(List::copyOf);
    }
}
