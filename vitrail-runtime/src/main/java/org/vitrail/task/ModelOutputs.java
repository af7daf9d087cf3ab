package org.vitrail.task;

import java.util.Map;
import org.vitrail.image.Region;
import org.vitrail.tensor.Tensor;

/**
 * The outputs of a model for one image.
 *
 * @param outputs tensors by name, each with a batch of one
 * @param region the part of the image that they describe
 */
public record ModelOutputs(Map<String, Tensor> outputs, Region region) {}
