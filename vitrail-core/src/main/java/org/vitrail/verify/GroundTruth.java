package org.vitrail.verify;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.vitrail.detection.GroundTruthObject;

/** The ground truth of an image: its class, or the objects in it. */
public record GroundTruth(OptionalInt label, Optional<List<GroundTruthObject>> objects) {
    /** No ground truth. */
    public static final GroundTruth NONE = new GroundTruth(OptionalInt.empty(), Optional.empty());

    public GroundTruth {
        objects = objects.map(List::copyOf);
    }
}
