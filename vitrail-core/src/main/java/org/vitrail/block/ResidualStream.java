package org.vitrail.block;

import java.util.List;
import java.util.Optional;

/**
 * The residual stream of a model: the values that attentions and MLPs add their outputs to. All of them have the same
 * channels, from the patch embedding to the final norm, so that a change of basis of the channels is an equal-output
 * rewrite if every writer and every reader can take its part of it: t → t·R in the stream, W → W·R and b → b·R in its
 * writers, W → R⁻¹·W in its readers. {@link ResidualStreamFinder} finds it.
 */
public sealed interface ResidualStream {
    /**
     * The stream of a model that has one.
     *
     * @param stages in data-flow order: one in a plain transformer, one for each width in a hierarchical one
     */
    record Found(List<Stage> stages) implements ResidualStream {
        public Found {
            stages = List.copyOf(stages);
        }
    }

    /**
     * A model has no stream.
     *
     * @param reason one sentence without a full stop
     */
    record None(String reason) implements ResidualStream {}

    /**
     * A stream between two changes of its channels.
     *
     * @param channels extent of the channel axis
     * @param sums the sums in it of two computed values, in graph order
     * @param writers where its values come from, in graph order
     * @param readers where its values go, in graph order
     */
    record Stage(int channels, List<String> sums, List<Writer> writers, List<Reader> readers) {
        public Stage {
            sums = List.copyOf(sums);
            writers = List.copyOf(writers);
            readers = List.copyOf(readers);
        }

        /** Returns the linear layers that write to the stream, in graph order. */
        public List<Writer.OfLayer> layerWriters() {
            return writers.stream()
                    .filter(Writer.OfLayer.class::isInstance)
                    .map(Writer.OfLayer.class::cast)
                    .toList();
        }

        /** Returns the norms through which the stream is read, in graph order. */
        public List<Reader.OfNorm> normReaders() {
            return readers.stream()
                    .filter(Reader.OfNorm.class::isInstance)
                    .map(Reader.OfNorm.class::cast)
                    .toList();
        }
    }

    /** A value that is written to a stream. */
    sealed interface Writer {
        /**
         * A linear layer: the patch embedding, an attention's projection, an MLP's second layer.
         *
         * @param norm between the layer and the stream (Swin v2)
         * @param scale name of the constant that multiplies the layer's result before it is added: layer scale
         */
        record OfLayer(LinearLayer layer, Optional<Norm> norm, Optional<String> scale) implements Writer {}

        /**
         * A constant: the class token, a position embedding.
         *
         * @param name of the constant in the graph
         * @param axis its axis that runs over the channels
         */
        record OfConstant(String name, int axis) implements Writer {}

        /** A norm of a value that is no layer's result: after the patch embedding and its positions (CLIP, Swin). */
        record OfNorm(Norm norm) implements Writer {}

        /** A value that something else computes: its channels cannot be rewritten. */
        record Other(String value) implements Writer {}
    }

    /** A reader of a stream. */
    sealed interface Reader {
        /**
         * A norm over the channels.
         *
         * @param groups neighbouring tokens whose channels the norm sees side by side, group by group: 1, or 4 where
         *     patches are merged
         * @param layers that read the normalized value
         * @param others nodes and graph outputs that read it besides, by the name of the value that they give; empty where
         *     scale and bias of the norm can be folded into the layers
         */
        record OfNorm(Norm norm, int groups, List<LinearLayer> layers, List<String> others) implements Reader {
            public OfNorm {
                layers = List.copyOf(layers);
                others = List.copyOf(others);
            }
        }

        /**
         * A linear layer that reads the stream without a norm.
         *
         * @param groups as in {@link OfNorm}
         */
        record OfLayer(LinearLayer layer, int groups) implements Reader {}

        /** A graph output. */
        record Output(String name) implements Reader {}

        /** A node that computes something else from the channels, by its output: its channels cannot be rewritten. */
        record Other(String value) implements Reader {}
    }
}
