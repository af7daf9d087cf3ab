package org.vitrail.compensate;

import org.vitrail.capture.TokenWeights;

/**
 * The output of a layer whose bias is corrected.
 *
 * @param result its name in both graphs
 * @param channels number of output channels
 * @param channelAxis the channel axis, counted from the end: 1 for tokens, 3 for images
 * @param tokens the weight of each token, where channels are the last axis
 */
public record LayerOutput(String result, int channels, int channelAxis, TokenWeights tokens) {}
