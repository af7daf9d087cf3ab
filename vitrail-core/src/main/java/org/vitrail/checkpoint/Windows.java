package org.vitrail.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vitrail.checkpoint.SwinConfig.Stage;

/** Adds the windows of a Swin transformer's stage: a square of side × side tokens, cut into squares of one size. */
final class Windows {
    private final LayerBuilder layers;
    private final String name;
    private final int side;
    private final Stage stage;
    private final int perSide;
    private final int area;
    private final Map<Integer, String> masks = new LinkedHashMap<>();

    Windows(LayerBuilder layers, String name, int side, Stage stage) {
        this.layers = layers;
        this.name = name;
        this.side = side;
        this.stage = stage;
        this.perSide = side / stage.window();
        this.area = stage.window() * stage.window();
    }

    /** Cuts (batch, tokens, width) into (batch · windows, tokens of a window, width), shifted upwards and left. */
    String split(String tokens, String block, int shift) {
        long width = stage.width();
        int window = stage.window();
        String square = layers.reshape(tokens, block + ".square", 0, side, side, width);
        String rolled = roll(square, block + ".shifted", shift);
        String cut = layers.reshape(rolled, block + ".cut", 0, perSide, window, perSide, window, width);
        String windows = layers.transpose(cut, block + ".windows", 0, 1, 3, 2, 4, 5);
        return layers.reshape(windows, block + ".windows.flat", -1, area, width);
    }

    /** Puts the windows back in their places: the inverse of {@link #split}. */
    String joined(String windows, String block, int shift) {
        long width = stage.width();
        int window = stage.window();
        String apart = layers.reshape(windows, block + ".apart", -1, perSide, perSide, window, window, width);
        String rows = layers.transpose(apart, block + ".rows", 0, 1, 3, 2, 4, 5);
        String square = layers.reshape(rows, block + ".square_back", -1, side, side, width);
        String rolled = roll(square, block + ".shifted_back", shift == 0 ? 0 : side - shift);
        return layers.reshape(rolled, block + ".tokens", 0, (long) side * side, width);
    }

    /** Moves the first {@code shift} rows and columns of (batch, side, side, width) behind the others. */
    private String roll(String square, String output, int shift) {
        if (shift == 0) {
            return square;
        }
        return rollAxis(rollAxis(square, output + ".rows", 1, shift), output + ".columns", 2, shift);
    }

    private String rollAxis(String square, String output, int axis, int shift) {
        String front = layers.slice(square, output + ".front", axis, shift, side);
        String back = layers.slice(square, output + ".back", axis, 0, shift);
        return layers.concat(axis, List.of(front, back), output);
    }

    /**
     * Adds a constant to the scores (batch · windows, heads, tokens, tokens) of tokens that were not neighbours before
     * the shift.
     */
    String masked(String scores, String block, int shift, float masked) {
        String mask = masks.computeIfAbsent(shift, s -> mask(s, masked));
        long windows = (long) perSide * perSide;
        String byPicture = layers.reshape(scores, block + ".by_picture", -1, windows, stage.heads(), area, area);
        String sum = layers.add(byPicture, mask, block + ".masked");
        return layers.reshape(sum, block + ".masked.flat", -1, stage.heads(), area, area);
    }

    /** The mask (1, windows, 1, tokens, tokens): 0 within a region, else {@code masked}. */
    private String mask(int shift, float masked) {
        int window = stage.window();
        float[] values = new float[Math.multiplyExact(perSide * perSide, area * area)];
        int at = 0;
        for (int number = 0; number < perSide * perSide; number++) {
            for (int from = 0; from < area; from++) {
                for (int to = 0; to < area; to++) {
                    values[at++] =
                            region(number, from, window, shift) == region(number, to, window, shift) ? 0 : masked;
                }
            }
        }
        return layers.constant(name + ".mask", new int[] {1, perSide * perSide, 1, area, area}, values);
    }

    /** The number of the region, of three by three, in which a token of a window lies after the shift. */
    private int region(int number, int token, int window, int shift) {
        int row = number / perSide * window + token / window;
        int column = number % perSide * window + token % window;
        return 3 * band(row, window, shift) + band(column, window, shift);
    }

    private int band(int position, int window, int shift) {
        return position < side - window ? 0 : position < side - shift ? 1 : 2;
    }
}
