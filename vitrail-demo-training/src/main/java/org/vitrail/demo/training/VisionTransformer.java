package org.vitrail.demo.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/**
 * A plain vision transformer (Dosovitskiy et al. 2021: class token, learned positions, norm before each branch, GELU
 * by erf), as one function of images and of weights that are named as timm names them.
 */
final class VisionTransformer {
    /**
     * The extents of a vision transformer.
     *
     * @param side width and height of the input in pixels
     * @param patch width and height of a patch in pixels
     * @param width numbers a token
     * @param depth blocks
     * @param heads attention heads a block
     * @param hidden numbers a token within the MLP
     * @param classes outputs
     */
    record Extents(int side, int patch, int width, int depth, int heads, int hidden, int classes) {
        int patches() {
            return (side / patch) * (side / patch);
        }
    }

    private static final float EPSILON = 1e-6f;

    private final Extents extents;
    private final Map<String, NDArray> weights = new LinkedHashMap<>();

    /** Random weights, the same for the same seed, held by the manager and ready for gradients. */
    VisionTransformer(Extents extents, NDManager manager, long seed) {
        this.extents = extents;
        Initialiser initialise = new Initialiser(manager, new Random(seed));
        int width = extents.width();
        initialise.normal("cls_token", 1, 1, width);
        initialise.positions("pos_embed");
        initialise.xavier("patch_embed.proj.weight", width, 3, extents.patch(), extents.patch());
        initialise.constant("patch_embed.proj.bias", 0, width);
        for (int block = 0; block < extents.depth(); block++) {
            String prefix = "blocks." + block + ".";
            initialise.norm(prefix + "norm1");
            initialise.linear(prefix + "attn.qkv", width, 3 * width);
            initialise.linear(prefix + "attn.proj", width, width);
            initialise.norm(prefix + "norm2");
            initialise.linear(prefix + "mlp.fc1", width, extents.hidden());
            initialise.linear(prefix + "mlp.fc2", extents.hidden(), width);
        }
        initialise.norm("norm");
        initialise.normal("head.weight", extents.classes(), width);
        initialise.constant("head.bias", 0, extents.classes());
        weights.values().forEach(weight -> weight.setRequiresGradient(true));
    }

    /** The weights by timm's names, in the order of the data flow. */
    Map<String, NDArray> weights() {
        return Collections.unmodifiableMap(weights);
    }

    /** Images (n, 3, side, side) to logits (n, classes). */
    NDArray logits(NDArray images) {
        NDArray tokens = embed(images);
        for (int block = 0; block < extents.depth(); block++) {
            String prefix = "blocks." + block + ".";
            tokens = tokens.add(attention(norm(tokens, prefix + "norm1"), prefix + "attn."));
            tokens = tokens.add(mlp(norm(tokens, prefix + "norm2"), prefix + "mlp."));
        }
        return linear(norm(tokens, "norm").get(":, 0"), "head");
    }

    private NDArray embed(NDArray images) {
        long n = images.getShape().get(0);
        NDArray patches = Conv2d.conv2d(
                        images,
                        weight("patch_embed.proj.weight"),
                        weight("patch_embed.proj.bias"),
                        new Shape(extents.patch(), extents.patch()))
                .singletonOrThrow()
                .reshape(n, extents.width(), extents.patches())
                .transpose(0, 2, 1);
        NDArray classToken =
                images.getManager().zeros(new Shape(n, 1, extents.width())).add(weight("cls_token"));
        return classToken.concat(patches, 1).add(weight("pos_embed"));
    }

    private NDArray attention(NDArray tokens, String prefix) {
        NDList queryKeyValue = linear(tokens, prefix + "qkv").split(3, 2);
        NDArray query = heads(queryKeyValue.get(0));
        NDArray key = heads(queryKeyValue.get(1));
        NDArray value = heads(queryKeyValue.get(2));
        double scale = 1 / Math.sqrt((double) extents.width() / extents.heads());
        NDArray attended = query.mul(scale)
                .matMul(key.transpose(0, 1, 3, 2))
                .softmax(-1)
                .matMul(value)
                .transpose(0, 2, 1, 3)
                .reshape(tokens.getShape());
        return linear(attended, prefix + "proj");
    }

    /** (n, tokens, width) to (n, heads, tokens, width / heads). */
    private NDArray heads(NDArray tokens) {
        Shape shape = tokens.getShape();
        return tokens.reshape(shape.get(0), shape.get(1), extents.heads(), extents.width() / extents.heads())
                .transpose(0, 2, 1, 3);
    }

    private NDArray mlp(NDArray tokens, String prefix) {
        return linear(Activation.gelu(linear(tokens, prefix + "fc1")), prefix + "fc2");
    }

    private NDArray norm(NDArray tokens, String name) {
        return LayerNorm.layerNorm(
                        tokens, new Shape(extents.width()), weight(name + ".weight"), weight(name + ".bias"), EPSILON)
                .singletonOrThrow();
    }

    private NDArray linear(NDArray tokens, String name) {
        return Linear.linear(tokens, weight(name + ".weight"), weight(name + ".bias"))
                .singletonOrThrow();
    }

    private NDArray weight(String name) {
        return weights.get(name);
    }

    /** Draws the first weights: Xavier for linear layers, waves for positions, a narrow normal for the rest. */
    private final class Initialiser {
        private final NDManager manager;
        private final Random random;

        Initialiser(NDManager manager, Random random) {
            this.manager = manager;
            this.random = random;
        }

        void linear(String name, int in, int out) {
            xavier(name + ".weight", out, in);
            constant(name + ".bias", 0, out);
        }

        /** The first extent counts outputs, the product of the others inputs. */
        void xavier(String name, long... shape) {
            int size = Math.toIntExact(new Shape(shape).size());
            double reach = Math.sqrt(6.0 / (shape[0] + size / (double) shape[0]));
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) (reach * (2 * random.nextDouble() - 1));
            }
            weights.put(name, manager.create(values, new Shape(shape)));
        }

        void norm(String name) {
            constant(name + ".weight", 1, extents.width());
            constant(name + ".bias", 0, extents.width());
        }

        void constant(String name, float value, long... shape) {
            weights.put(name, manager.full(new Shape(shape), value));
        }

        void normal(String name, long... shape) {
            float[] values = new float[Math.toIntExact(new Shape(shape).size())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.02 * random.nextGaussian());
            }
            weights.put(name, manager.create(values, new Shape(shape)));
        }

        /** Sines and cosines of the patch's column and row; zeros for the class token. Learned on from there. */
        void positions(String name) {
            int width = extents.width();
            int columns = extents.side() / extents.patch();
            float[] values = new float[(1 + extents.patches()) * width];
            for (int patch = 0; patch < extents.patches(); patch++) {
                for (int i = 0; i < width; i++) {
                    int place = i < width / 2 ? patch % columns : patch / columns;
                    double frequency = Math.pow(100, -(i % (width / 4)) / (width / 4.0));
                    double phase = i % (width / 2) < width / 4 ? 0 : Math.PI / 2;
                    values[(1 + patch) * width + i] = (float) (0.3 * Math.sin(place * frequency + phase));
                }
            }
            weights.put(name, manager.create(values, new Shape(1, 1 + extents.patches(), width)));
        }
    }
}
