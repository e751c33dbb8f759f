package io.windhover.models.reference;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Weights and thresholds of one layer of a BNN-PYNQ parameter folder. */
final class BnnPynqLayers {
    private final Path folder;

    BnnPynqLayers(Path folder) {
        this.folder = folder;
    }

    /** One boolean per neuron and input, +1 being true. */
    boolean[][] weights(int layer, int neurons, int inputs) throws IOException {
        int elements = elements(layer);
        boolean[][] weights = new boolean[neurons][inputs];
        for (int element = 0; element < elements; element++) {
            LongBuffer words = words(layer + "-" + element + "-weights.bin");
            int lanes = (int) ((long) inputs * neurons / ((long) elements * words.limit()));
            int folds = inputs / lanes;
            for (int word = 0; word < words.limit(); word++) {
                for (int lane = 0; lane < lanes; lane++) {
                    weights[word / folds * elements + element][word % folds * lanes + lane] = (words.get(word) >> lane & 1) == 1;
                }
            }
        }
        return weights;
    }

    long[] thresholds(int layer, int neurons) throws IOException {
        int elements = elements(layer);
        long[] thresholds = new long[neurons];
        for (int element = 0; element < elements; element++) {
            LongBuffer words = words(layer + "-" + element + "-thres.bin");
            for (int i = 0; i < words.limit(); i++) {
                thresholds[i * elements + element] = words.get(i);
            }
        }
        return thresholds;
    }

    private int elements(int layer) {
        int elements = 0;
        while (Files.exists(folder.resolve(layer + "-" + elements + "-weights.bin"))) {
            elements++;
        }
        return elements;
    }

    private LongBuffer words(String file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(folder.resolve(file))).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }
}
