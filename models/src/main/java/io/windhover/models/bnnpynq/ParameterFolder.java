package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Files {@code <layer>-<element>-weights.bin} and {@code <layer>-<element>-thres.bin} of little-endian 64-bit words. Neuron n
 * belongs to processing element n % elements; an element's weight words run neuron by neuron and hold, from the least
 * significant bit on, as many inputs as the element took at once. Every size is checked before a file is read.
 */
final class ParameterFolder {
    private static final int LARGEST_THRESHOLD = 1 << 20;
    private static final int MOST_LAYERS = 64;
    private static final int MOST_LABEL_BYTES = 4096;

    private final Path folder;

    ParameterFolder(Path folder) {
        this.folder = folder;
    }

    /** How many layers have weights. */
    int layers() {
        int layers = 0;
        while (layers < MOST_LAYERS && Files.exists(file(layers, 0, "weights"))) {
            layers++;
        }
        return layers;
    }

    /** One boolean per neuron and input, +1 being true. */
    boolean[][] weights(int layer, int neurons, int inputs) throws IOException {
        int elements = elements(layer, neurons);
        int words = words(layer, neurons, inputs, elements);
        int lanes = (int) ((long) inputs * neurons / ((long) elements * words));
        int folds = inputs / lanes;
        boolean[][] weights = new boolean[neurons][inputs];
        for (int element = 0; element < elements; element++) {
            LongBuffer contents = read(file(layer, element, "weights"), words);
            for (int word = 0; word < words; word++) {
                boolean[] neuron = weights[word / folds * elements + element];
                for (int lane = 0; lane < lanes; lane++) {
                    neuron[word % folds * lanes + lane] = (contents.get(word) >> lane & 1) == 1;
                }
            }
        }
        return weights;
    }

    /** Words in each weight file of a layer, such that every word holds the same number of inputs. */
    private int words(int layer, int neurons, int inputs, int elements) throws IOException {
        Path first = file(layer, 0, "weights");
        long bytes = Files.size(first);
        long bits = (long) inputs * neurons / elements;
        long lanes = bytes < Long.BYTES ? 0 : bits / (bytes / Long.BYTES);
        require(bytes % Long.BYTES == 0 && lanes >= 1 && lanes <= Long.SIZE && inputs % lanes == 0
                        && bits == lanes * (bytes / Long.BYTES),
                "File %s has %d bytes, which do not hold the %d weights of %d of the %d neurons of layer %d; it is not complete or belongs "
                        + "to another network.", first.getFileName(), bytes, bits, neurons / elements, neurons, layer);
        return (int) (bytes / Long.BYTES);
    }

    int[] thresholds(int layer, int neurons) throws IOException {
        int elements = elements(layer, neurons);
        int[] thresholds = new int[neurons];
        for (int element = 0; element < elements; element++) {
            Path file = file(layer, element, "thres");
            LongBuffer words = read(file, neurons / elements);
            for (int i = 0; i < words.limit(); i++) {
                long threshold = words.get(i);
                require(Math.abs(threshold) <= LARGEST_THRESHOLD && threshold != Long.MIN_VALUE,
                        "File %s has threshold %d, beyond %d; no sum reaches it, so the file is damaged.", file.getFileName(), threshold,
                        LARGEST_THRESHOLD);
                thresholds[i * elements + element] = (int) threshold;
            }
        }
        return thresholds;
    }

    /** The lines of {@code classes.txt}; empty when there is none. */
    List<String> labels() throws IOException {
        Path file = folder.resolve("classes.txt");
        if (!Files.exists(file)) {
            return List.of();
        }
        require(Files.size(file) <= MOST_LABEL_BYTES, "File classes.txt has more than %d bytes; give one class name a line.", MOST_LABEL_BYTES);
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).lines().map(String::strip)
                .filter(line -> !line.isEmpty()).toList();
    }

    private int elements(int layer, int neurons) {
        int elements = 0;
        while (elements <= neurons && Files.exists(file(layer, elements, "weights"))) {
            elements++;
        }
        require(elements > 0 && neurons % elements == 0,
                "Layer %d has weight files for %d processing elements, among which its %d neurons cannot be shared evenly; a file is missing "
                        + "or the folder holds another network.", layer, elements, neurons);
        return elements;
    }

    private LongBuffer read(Path file, int words) throws IOException {
        require(Files.isRegularFile(file), "There is no file %s; copy the network's whole folder.", file.getFileName());
        require(Files.size(file) == (long) words * Long.BYTES, "File %s has %d bytes instead of %d; it is not complete or belongs to another "
                + "network.", file.getFileName(), Files.size(file), (long) words * Long.BYTES);
        LongBuffer contents = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        require(contents.limit() == words, "File %s changed while it was read; load it again.", file.getFileName());
        return contents;
    }

    private Path file(int layer, int element, String kind) {
        return folder.resolve(layer + "-" + element + "-" + kind + ".bin");
    }
}
