package org.vitrail.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.vitrail.tensor.VitrailException;

/**
 * Reads the pictures of a source and passes over broken ones, which it remembers. For use by many threads at once; one
 * reader serves one pass.
 */
public final class TolerantReader {
    private final ImageSource source;
    private final ConcurrentSkipListMap<Integer, String> broken = new ConcurrentSkipListMap<>();

    public TolerantReader(ImageSource source) {
        this.source = source;
    }

    /**
     * The picture at an index, or nothing where it is broken; throws {@link VitrailException} when that was the last
     * of the source's pictures and none could be read.
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

    /** The indices of the first pictures that can be read, {@code most} of them at most. */
    public List<Integer> readable(int most) {
        List<Integer> readable = new ArrayList<>();
        for (int i = 0; i < source.size() && readable.size() < most; i++) {
            if (read(i).isPresent()) {
                readable.add(i);
            }
        }
        return readable;
    }

    /** A sentence for each broken picture met so far, in the source's order. */
    public List<String> broken() {
        return List.copyOf(broken.values());
    }
}
