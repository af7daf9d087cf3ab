package org.vitrail;

import java.util.Map;
import org.vitrail.image.RgbImage;
import org.vitrail.runtime.Engine;
import org.vitrail.tensor.Tensor;
import org.vitrail.tensor.VitrailException;
import org.vitrail.verify.ImageModel;

/** A classifier ready to run, for use by any number of threads; close it when the last has finished. */
public final class RunningModel implements ImageModel, AutoCloseable {
    private final Model model;
    private final Engine engine;

    RunningModel(Model model, Engine engine) {
        this.model = model;
        this.engine = engine;
    }

    /**
     * The logits (classes) of a picture: the model's first output.
     *
     * @throws VitrailException where that is not one row of class scores
     */
    @Override
    public float[] logits(RgbImage image) {
        Tensor output = outputs(image).get(model.graph().outputNames().getFirst());
        if (output.rank() != 2 || output.extent(0) != 1) {
            throw new VitrailException("the model " + model.graph().name() + " is no classifier: its first output is "
                    + output + ", not one row of class scores");
        }
        return output.values();
    }

    /** All outputs for a picture, by name, each with a batch of one. */
    public Map<String, Tensor> outputs(RgbImage image) {
        return model.input().ofOne(engine.run(model.input().feed(model.preprocessing(), image)));
    }

    @Override
    public void close() {
        engine.close();
    }
}
