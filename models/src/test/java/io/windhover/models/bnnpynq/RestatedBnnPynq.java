// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import io.windhover.models.testing.BnnPynqFolder;
import io.windhover.models.testing.BnnPynqFolder.Layer;

/**
 * BNN-PYNQ's networks as its hardware computes them: sums of weight times activation, and how many thresholds are
 * below.
 */
final class RestatedBnnPynq {
    private final BnnPynqFolder network;

    RestatedBnnPynq(BnnPynqFolder network) {
        this.network = network;
    }

    /** CNV's sums for each class; the pixels are height, width, colour. */
    int[] cnv(byte[] image) {
        int[] map = new int[image.length];
        for (int i = 0; i < map.length; i++) {
            map[i] = 2 * (int) Math.min(Math.rint(((image[i] & 0xFF) / 255.0 * 2 - 1) * 128), 127);
        }
        int size = 32;
        for (int layer = 0; layer < 6; layer++) {
            Layer of = network.layers().get(layer);
            map = activate(convolve(of, map, size), of, layer == 0);
            size -= 2;
            if (layer == 1 || layer == 3) {
                map = pool(map, size, of.weights().length);
                size /= 2;
            }
        }
        for (int layer = 6; layer < 8; layer++) {
            Layer of = network.layers().get(layer);
            map = activate(multiply(of, map), of, false);
        }
        return multiply(network.layers().get(8), map);
    }

    /** LFC's sums for each class less their thresholds. */
    int[] lfc(byte[] image) {
        int[] map = new int[832];
        for (int i = 0; i < map.length; i++) {
            map[i] = i < image.length && (image[i] & 0xFF) > 127 ? 1 : -1;
        }
        for (int layer = 0; layer < 3; layer++) {
            Layer of = network.layers().get(layer);
            map = activate(multiply(of, map), of, false);
        }
        Layer last = network.layers().get(3);
        int[] sums = multiply(last, map);
        for (int neuron = 0; neuron < sums.length; neuron++) {
            sums[neuron] -= last.thresholds()[neuron][0];
        }
        return sums;
    }

    private int[] activate(int[] sums, Layer layer, boolean pixels) {
        int[] activations = new int[sums.length];
        boolean agreements = network.activationBits() == 1 && !pixels;
        for (int i = 0; i < sums.length; i++) {
            int counted = agreements ? (sums[i] + layer.inputs()) / 2 : sums[i];
            int above = 0;
            for (int threshold : layer.thresholds()[i % layer.weights().length]) {
                above += counted > threshold ? 1 : 0;
            }
            activations[i] = network.activationBits() == 1 ? 2 * above - 1 : above - 1;
        }
        return activations;
    }

    private static int[] multiply(Layer layer, int[] map) {
        int[] sums = new int[layer.weights().length];
        for (int neuron = 0; neuron < sums.length; neuron++) {
            for (int i = 0; i < map.length; i++) {
                sums[neuron] += layer.weights()[neuron][i] * map[i];
            }
        }
        return sums;
    }

    private static int[] convolve(Layer layer, int[] map, int size) {
        int channels = layer.inputs() / 9;
        int made = layer.weights().length;
        int[] sums = new int[(size - 2) * (size - 2) * made];
        for (int i = 0; i < sums.length; i++) {
            int pixel = i / made;
            int corner = (pixel / (size - 2) * size + pixel % (size - 2)) * channels;
            byte[] weights = layer.weights()[i % made];
            for (int row = 0; row < 3; row++) {
                for (int k = 0; k < 3 * channels; k++) {
                    sums[i] += weights[row * 3 * channels + k] * map[corner + row * size * channels + k];
                }
            }
        }
        return sums;
    }

    private static int[] pool(int[] map, int size, int channels) {
        int[] pooled = new int[size / 2 * (size / 2) * channels];
        for (int i = 0; i < pooled.length; i++) {
            int pixel = i / channels;
            int corner = (pixel / (size / 2) * 2 * size + pixel % (size / 2) * 2) * channels + i % channels;
            pooled[i] = Math.max(
                    Math.max(map[corner], map[corner + channels]),
                    Math.max(map[corner + size * channels], map[corner + (size + 1) * channels]));
        }
        return pooled;
    }
}
