package org.vitrail.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.vitrail.tensor.VitrailException;

/** Derives the size of the pictures from the number of positions, and which tokens have position embeddings. */
record PositionDetection(FileParameters parameters, ModelConfig config, int patchSize) {
    private static final String POSITIONS = "pos_embed";
    private static final String REGISTERS = "reg_token";
    private static final String TABLE = "blocks.0.attn.relative_position_bias_table";
    private static final String SHARED_TABLE = "rel_pos_bias.relative_position_bias_table";

    /** A way to read the number of positions: the patches per side, and the features that follow. */
    private record Reading(int side, Set<ArchitectureFeature> features) {}

    /** The number of register tokens. */
    static int registers(FileParameters parameters) {
        return parameters.has(REGISTERS) ? parameters.shape(REGISTERS, 3).get(1) : 0;
    }

    /** The name of a table of relative positions, if the model has one. */
    static Optional<String> relativeTable(Set<ArchitectureFeature> features) {
        if (features.contains(ArchitectureFeature.RELATIVE_POSITIONS)) {
            return Optional.of(TABLE);
        }
        return features.contains(ArchitectureFeature.SHARED_RELATIVE_POSITIONS)
                ? Optional.of(SHARED_TABLE)
                : Optional.empty();
    }

    /**
     * Returns the pixels per side of the pictures; adds the features of positions that keys do not show.
     *
     * @throws VitrailException if the number of positions is not that of a square picture, or contradicts the
     *     configuration
     */
    int imageSize(Set<ArchitectureFeature> features) {
        List<Reading> readings = parameters.has(POSITIONS) ? embedded(features) : relative(features);
        Reading chosen = readings.stream()
                .filter(reading -> fits(config.imageSize(), reading) || fits(config.inputSize(), reading))
                .findFirst()
                .orElse(readings.getFirst());
        features.addAll(chosen.features);
        if (fits(config.imageSize(), chosen)) {
            return config.imageSize().getAsInt();
        }
        if (config.imageSize().isPresent()) {
            throw parameters.error("its positions are for pictures of " + chosen.side * patchSize
                    + " pixels per side, but its config.json states "
                    + config.imageSize().getAsInt() + "; give the configuration that belongs to these weights");
        }
        return fits(config.inputSize(), chosen) ? config.inputSize().getAsInt() : chosen.side * patchSize;
    }

    private boolean fits(OptionalInt size, Reading reading) {
        return size.isPresent() && size.getAsInt() / patchSize == reading.side;
    }

    private List<Reading> embedded(Set<ArchitectureFeature> features) {
        int positions = parameters.shape(POSITIONS, 3).get(1);
        int tokens = (features.contains(ArchitectureFeature.CLASS_TOKEN) ? 1 : 0)
                + (features.contains(ArchitectureFeature.DISTILLATION_TOKEN) ? 1 : 0);
        int registers = registers(parameters);
        List<Reading> readings = new ArrayList<>();
        if (tokens + registers > 0) {
            add(readings, positions - tokens - registers, Set.of(ArchitectureFeature.TOKEN_POSITIONS));
        }
        if (registers > 0 && tokens > 0) {
            add(
                    readings,
                    positions - tokens,
                    Set.of(ArchitectureFeature.TOKEN_POSITIONS, ArchitectureFeature.UNPLACED_REGISTERS));
        }
        add(readings, positions, Set.of());
        if (readings.isEmpty()) {
            throw parameters.error(parameters.scheme().theirs(POSITIONS) + " has " + positions
                    + " positions, which is not a square number of patches, neither with nor without "
                    + (tokens + registers) + " for other tokens; export the model to ONNX and give that file");
        }
        return readings;
    }

    private static void add(List<Reading> readings, int patches, Set<ArchitectureFeature> features) {
        int root = root(patches);
        if (root > 0) {
            readings.add(new Reading(root, features));
        }
    }

    /** Reads a table of (2g − 1)² distances in a grid of g × g patches, and three more for the class token. */
    private List<Reading> relative(Set<ArchitectureFeature> features) {
        Set<ArchitectureFeature> without = Set.of(ArchitectureFeature.NO_POSITIONS);
        Optional<String> table = relativeTable(features);
        if (table.isEmpty()) {
            if (parameters.scheme() == NamingScheme.BEIT && config.imageSize().isPresent()) {
                return List.of(new Reading(config.imageSize().getAsInt() / patchSize, without));
            }
            parameters.shape(POSITIONS, 3);
        }
        int rows = parameters.shape(table.orElseThrow(), 2).getFirst();
        int span = root(rows - 3);
        if (span % 2 == 0) {
            throw parameters.error(parameters.scheme().theirs(table.get()) + " has " + rows
                    + " rows, which is not a number of distances in a square grid with a class token; export the model"
                    + " to ONNX and give that file");
        }
        return List.of(new Reading((span + 1) / 2, without));
    }

    /** Returns the square root of a square number, else 0. */
    private static int root(int number) {
        int root = (int) Math.sqrt(Math.max(0, number));
        return root * root == number ? root : 0;
    }
}
