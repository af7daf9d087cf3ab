package org.vitrail.checkpoint;

import java.util.List;

/**
 * Supplies a model's parameters for pictures of another size: position embeddings of patches are interpolated by cubic
 * convolution (Keys 1981, with a = −0.75), as PyTorch's {@code interpolate} does in {@code bicubic} mode without aligned
 * corners; those of other tokens stay.
 *
 * @param parameters the parameters as stored
 * @param stored the architecture of the stored parameters
 * @param wanted the same architecture for another size
 */
record ResampledPositions(ParameterSource parameters, VisionTransformerConfig stored, VisionTransformerConfig wanted)
        implements ParameterSource {
    private static final double A = -0.75;
    private static final int TAPS = 4;

    @Override
    public float[] values(String name, List<Integer> shape) {
        return name.equals("pos_embed")
                ? resampled(parameters.values(name, stored.parameters().get(name)))
                : parameters.values(name, shape);
    }

    private float[] resampled(float[] positions) {
        int width = stored.width();
        int from = stored.patches().perSide();
        int to = wanted.patches().perSide();
        int others = stored.positions() - stored.patches().count();
        float[] result = new float[wanted.positions() * width];
        System.arraycopy(positions, 0, result, 0, others * width);
        for (int row = 0; row < to; row++) {
            for (int column = 0; column < to; column++) {
                int at = (others + row * to + column) * width;
                for (int i = 0; i < TAPS; i++) {
                    int sourceRow = source(row, i, from, to);
                    for (int j = 0; j < TAPS; j++) {
                        double weight = weight(row, i, from, to) * weight(column, j, from, to);
                        int source = (others + sourceRow * from + source(column, j, from, to)) * width;
                        for (int channel = 0; channel < width; channel++) {
                            result[at + channel] += (float) (weight * positions[source + channel]);
                        }
                    }
                }
            }
        }
        return result;
    }

    /** The place of an output's centre among the inputs. */
    private static double centre(int output, int from, int to) {
        return (output + 0.5) * from / to - 0.5;
    }

    /** The input of a tap; beyond the border it is the outermost one. */
    private static int source(int output, int tap, int from, int to) {
        int first = (int) Math.floor(centre(output, from, to)) - 1;
        return Math.clamp(first + (long) tap, 0, from - 1);
    }

    private static double weight(int output, int tap, int from, int to) {
        double centre = centre(output, from, to);
        double distance = Math.abs(centre - (Math.floor(centre) - 1 + tap));
        return distance <= 1
                ? ((A + 2) * distance - (A + 3)) * distance * distance + 1
                : ((A * distance - 5 * A) * distance + 8 * A) * distance - 4 * A;
    }
}
