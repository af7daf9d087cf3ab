package org.vitrail.block;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.vitrail.block.LinearLayer.Role;
import org.vitrail.graph.Node;

/** Finds the {@link ResidualStream} of a model, from the sums that attentions and MLPs add their outputs to. */
public final class ResidualStreamFinder {
    private static final String NO_SUM =
            "no attention or MLP adds its output to a value of known channels that it was computed from";
    private static final String POST_NORM =
            "a sum with an attention's or MLP's output is normalized before it is added to again (post-norm)";

    private final Recognition recognition;
    private final DataFlow wiring;
    private final ChannelFlow flow;

    private ResidualStreamFinder(Recognition recognition) {
        this.recognition = recognition;
        this.wiring = new DataFlow(recognition.graph());
        this.flow = new ChannelFlow(wiring);
    }

    /** Returns the residual stream of a recognised model, or why it has none. */
    public static ResidualStream find(Recognition recognition) {
        return new ResidualStreamFinder(recognition).find();
    }

    private ResidualStream find() {
        List<ResidualStream.Stage> stages = new ArrayList<>();
        Set<String> sums = new HashSet<>();
        for (LinearLayer layer : recognition.layers()) {
            if (layer.role() == Role.PROJECTION || layer.role() == Role.MLP_CONTRACT) {
                Optional<StreamPlace> sum = firstSum(layer).filter(place -> !sums.contains(place.value()));
                if (sum.isPresent()) {
                    ResidualStream.Stage stage = new StreamWalk(recognition, wiring, flow, layer.outFeatures())
                            .from(sum.get().value(), sum.get().channels());
                    sums.addAll(stage.sums());
                    stages.add(stage);
                }
            }
        }
        if (stages.isEmpty()) {
            return new ResidualStream.None(NO_SUM);
        }
        boolean normalisedBetween = stages.stream()
                .flatMap(stage -> stage.writers().stream())
                .anyMatch(writer -> writer instanceof ResidualStream.Writer.OfNorm(Norm norm)
                        && sums.contains(wiring.source(norm.input())));
        if (normalisedBetween) {
            return new ResidualStream.None(POST_NORM);
        }
        stages.sort(Comparator.comparingInt(stage ->
                wiring.position(wiring.producer(stage.sums().getFirst()).orElseThrow())));
        return new ResidualStream.Found(stages);
    }

    /** A value with the place of its channels. */
    private record StreamPlace(String value, ChannelFlow.Channels channels) {}

    /** Returns the first sum of two computed values that the layer's result enters, perhaps scaled, shifted or normalized. */
    private Optional<StreamPlace> firstSum(LinearLayer layer) {
        List<StreamPlace> open = new ArrayList<>();
        StreamWalk.outputChannels(layer, flow)
                .ifPresent(channels -> open.add(new StreamPlace(layer.result(), channels)));
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < open.size(); i++) {
            StreamPlace place = open.get(i);
            for (Node node : wiring.readers(place.value())) {
                Optional<ChannelFlow.Channels> aligned = flow.aligned(place.value(), place.channels(), node.output());
                if (node.is("Add") && wiring.activations(node).size() == 2) {
                    return aligned.map(channels -> new StreamPlace(wiring.source(node.output()), channels));
                }
                Optional<Norm> norm = StreamWalk.norm(recognition, wiring, place.value(), node);
                String next = norm.map(Norm::output).orElse(node.output());
                boolean elementwise = norm.isPresent()
                        || ((node.is("Mul") || node.is("Add"))
                                && wiring.activations(node).size() == 1);
                (elementwise ? aligned : flow.ahead(node, place.value(), place.channels()))
                        .filter(channels -> channels.groups() == 1 && seen.add(next))
                        .ifPresent(channels -> open.add(new StreamPlace(next, channels)));
            }
        }
        return Optional.empty();
    }
}
