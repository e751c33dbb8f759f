// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Generated parameters in the sizes of BNN-PYNQ's networks, written as it writes them.
 *
 * @param weightBits 1 (weights -1 and 1) or 2 (-1, 0 and 1)
 * @param activationBits 1 (activations -1 and 1) or 2 (-1, 0 and 1)
 * @param classes used outputs of the 64 that the last layer has
 */
@SuppressWarnings("ByteBufferBackingArray")
public record BnnPynqFolder(int weightBits, int activationBits, int classes, List<Layer> layers) {
    private static final int LAST_NEURONS = 64;

    /**
     * One layer.
     *
     * @param weights a row for each neuron
     * @param thresholds a row for each neuron, ascending; no rows where there are none
     * @param elements processing elements, a file each
     * @param lanes weights in a word
     */
    public record Layer(byte[][] weights, int[][] thresholds, int elements, int lanes) {
        /** How many weights a neuron has. */
        public int inputs() {
            return weights[0].length;
        }
    }

    /** CNV's nine layers. */
    public static BnnPynqFolder cnv(long seed, int weightBits, int activationBits, int classes) {
        int[] neurons = {64, 64, 128, 128, 256, 256, 512, 512, LAST_NEURONS};
        int[] inputs = {27, 576, 576, 1152, 1152, 2304, 256, 512, 512};
        return weightBits == 1
                ? generate(
                        seed,
                        1,
                        activationBits,
                        classes,
                        neurons,
                        inputs,
                        new int[] {16, 32, 16, 16, 4, 1, 1, 1, 4},
                        new int[] {3, 32, 32, 32, 32, 32, 4, 8, 1})
                : generate(
                        seed,
                        2,
                        activationBits,
                        classes,
                        neurons,
                        inputs,
                        new int[] {8, 16, 8, 8, 4, 1, 1, 2, 4},
                        new int[] {3, 16, 16, 16, 8, 8, 2, 2, 1});
    }

    /** LFC's four layers. */
    public static BnnPynqFolder lfc(long seed, int activationBits, int classes) {
        return generate(
                seed,
                1,
                activationBits,
                classes,
                new int[] {1024, 1024, 1024, LAST_NEURONS},
                new int[] {832, 1024, 1024, 1024},
                new int[] {32, 64, 32, 16},
                new int[] {64, 32, 64, 8});
    }

    private static BnnPynqFolder generate(
            long seed,
            int weightBits,
            int activationBits,
            int classes,
            int[] neurons,
            int[] inputs,
            int[] elements,
            int[] lanes) {
        Random random = new Random(seed);
        List<Layer> layers = new ArrayList<>();
        for (int layer = 0; layer < neurons.length; layer++) {
            boolean last = layer == neurons.length - 1;
            byte[][] weights = new byte[neurons[layer]][inputs[layer]];
            for (int neuron = 0; neuron < weights.length; neuron++) {
                for (int i = 0; i < inputs[layer]; i++) {
                    weights[neuron][i] = (byte) (weightBits == 1 ? 2 * random.nextInt(2) - 1 : random.nextInt(3) - 1);
                }
                if (last && neuron >= classes) {
                    Arrays.fill(weights[neuron], (byte) (weightBits == 1 ? 1 : 0));
                }
            }
            boolean pixels = inputs[layer] == 27;
            boolean agreements = activationBits == 1 && !pixels;
            int[][] thresholds = last && neurons.length == 9
                    ? new int[0][]
                    : thresholds(
                            random,
                            neurons[layer],
                            last ? 1 : activationBits,
                            agreements ? inputs[layer] / 2 : 0,
                            pixels ? 500 : (int) Math.sqrt(inputs[layer]) / 2);
            layers.add(new Layer(weights, thresholds, elements[layer], lanes[layer]));
        }
        return new BnnPynqFolder(weightBits, activationBits, classes, layers);
    }

    private static int[][] thresholds(Random random, int neurons, int perNeuron, int centre, int spread) {
        int[][] thresholds = new int[neurons][];
        for (int neuron = 0; neuron < neurons; neuron++) {
            thresholds[neuron] = IntStream.range(0, perNeuron)
                    .map(k -> centre + random.nextInt(2 * spread) - spread)
                    .sorted()
                    .toArray();
        }
        return thresholds;
    }

    /** Names for the classes. */
    public List<String> names() {
        return IntStream.range(0, classes)
                .mapToObj(number -> "class number " + number)
                .toList();
    }

    /** Writes the parameter files, and {@code classes.txt} with these names unless there are none. */
    public void write(Path folder, List<String> names) throws IOException {
        for (int layer = 0; layer < layers.size(); layer++) {
            for (int element = 0; element < layers.get(layer).elements(); element++) {
                Files.write(
                        folder.resolve(layer + "-" + element + "-weights.bin"), weightFile(layers.get(layer), element));
                if (layers.get(layer).thresholds().length > 0) {
                    Files.write(
                            folder.resolve(layer + "-" + element + "-thres.bin"),
                            thresholdFile(layers.get(layer), element));
                }
            }
        }
        if (!names.isEmpty()) {
            Files.writeString(folder.resolve("classes.txt"), String.join("\n", names));
        }
    }

    private byte[] weightFile(Layer layer, int element) {
        ByteBuffer words = words(layer.weights().length / layer.elements() * (layer.inputs() / layer.lanes()));
        for (int neuron = element; neuron < layer.weights().length; neuron += layer.elements()) {
            for (int first = 0; first < layer.inputs(); first += layer.lanes()) {
                long word = 0;
                for (int lane = 0; lane < layer.lanes(); lane++) {
                    int weight = layer.weights()[neuron][first + lane];
                    word |= (weightBits == 1 ? (weight + 1L) / 2 : weight & 3L) << (weightBits * lane);
                }
                words.putLong(word);
            }
        }
        return words.array();
    }

    private static byte[] thresholdFile(Layer layer, int element) {
        int perNeuron = layer.thresholds()[0].length;
        ByteBuffer words = words(layer.thresholds().length / layer.elements() * perNeuron);
        for (int neuron = element; neuron < layer.thresholds().length; neuron += layer.elements()) {
            for (int threshold : layer.thresholds()[neuron]) {
                words.putLong(threshold);
            }
        }
        return words.array();
    }

    private static ByteBuffer words(int count) {
        return ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    }
}
