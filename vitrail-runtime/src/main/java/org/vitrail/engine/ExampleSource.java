package org.vitrail.engine;

import java.util.Map;
import org.vitrail.tensor.Tensor;

/** A source of model inputs, example by example; may be asked from several threads, and gives the same each time. */
public interface ExampleSource {
    int size();

    /** The model's inputs for one example, by name, each with a batch of one, or of as many copies as the model insists on. */
    Map<String, Tensor> get(int index);

    /** The first {@code count} examples, or all where there are no more. */
    default ExampleSource first(int count) {
        return slice(0, Math.min(count, size()));
    }

    /** The examples from {@code from} to {@code to}, that one excluded. */
    default ExampleSource slice(int from, int to) {
        ExampleSource all = this;
        return new ExampleSource() {
            @Override
            public int size() {
                return to - from;
            }

            @Override
            public Map<String, Tensor> get(int index) {
                return all.get(from + index);
            }
        };
    }
}
