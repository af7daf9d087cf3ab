package org.vitrail.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.vitrail.tensor.VitrailException;

/**
 * Reads the images of a source, skips broken ones and records them. Thread-safe; one reader serves one pass.
 */
public final class TolerantReader {
    private final ImageSource source;
    private final ConcurrentSkipListMap<Integer, String> broken = new ConcurrentSkipListMap<>();

    public TolerantReader(ImageSource source) {
        this.source = source;
    }

    /**
     * Returns the image at an index, or empty if it is broken; throws {@link VitrailException} when the last image of
     * the source has been read and none could be read.
     */
    public Optional<RgbImage> read(int index) {
        try {
            return Optional.of(source.image(index));
        } catch (VitrailException e) {
            broken.put(index, e.getMessage());
            if (broken.size() == source.size()) {
                throw new VitrailException(
                        "none of the " + source.size() + " pictures can be read; the first: "
                                + broken.firstEntry().getValue(),
                        e);
            }
            return Optional.empty();
        }
    }

    /** Returns the indices of the first readable images, at most {@code most} of them. */
    public List<Integer> readable(int most) {
        List<Integer> readable = new ArrayList<>();
        for (int i = 0; i < source.size() && readable.size() < most; i++) {
            if (read(i).isPresent()) {
                readable.add(i);
            }
        }
        return readable;
    }

    /** A sentence for each broken image found so far, in the source's order. */
    public List<String> broken() {
        return List.copyOf(broken.values());
    }
}
