package org.vitrail.task;

import org.vitrail.tensor.VitrailException;

/** Computes metrics on one row of logits (classes). Of equal logits, the class with the lower number ranks first. */
public final class Logits {
    private Logits() {}

    /** The predicted class. */
    public static int top(float[] logits) {
        int top = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[top]) {
                top = i;
            }
        }
        return top;
    }

    /** The number of classes that rank before this one; 0 for the predicted class. */
    public static int rank(float[] logits, int label) {
        int rank = 0;
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > logits[label] || (logits[i] == logits[label] && i < label)) {
                rank++;
            }
        }
        return rank;
    }

    /** {@code z_i − log Σ_j exp(z_j)}: the log-probabilities of the classes. */
    public static double[] logSoftmax(float[] logits) {
        double max = logits[top(logits)];
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - max);
        }
        double logSum = max + StrictMath.log(sum);
        double[] logProbabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            logProbabilities[i] = logits[i] - logSum;
        }
        return logProbabilities;
    }

    /**
     * {@code KL(p || q) = Σ_i p_i (log p_i − log q_i)} in nats, where {@code p} and {@code q} are the softmax of the
     * two rows: the loss of predicting with {@code q} when {@code p} is right. Not negative.
     */
    public static double klNats(float[] p, float[] q) {
        double[] logP = logSoftmax(p);
        double[] logQ = logSoftmax(q);
        double kl = 0;
        for (int i = 0; i < logP.length; i++) {
            double probability = StrictMath.exp(logP[i]);
            if (probability > 0) {
                kl += probability * (logP[i] - logQ[i]);
            }
        }
        return Math.max(0, kl);
    }

    /** The largest absolute difference between two arrays of one length. */
    public static float largestDifference(float[] a, float[] b) {
        float largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i]));
        }
        return largest;
    }

    /** Throws {@link VitrailException} if a value is NaN or infinite; {@code whose} begins the message. */
    public static void requireFinite(float[] values, String whose) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new VitrailException(whose + " holds " + value
                        + " where a finite number was expected: check the model's weights and preprocessing");
            }
        }
    }
}
