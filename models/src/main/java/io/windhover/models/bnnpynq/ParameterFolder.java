// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import io.windhover.models.FileContents;
import io.windhover.models.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder's parameter files, read once: {@code <layer>-<element>-weights.bin} and {@code <layer>-<element>-thres.bin}
 * of little-endian 64-bit words, and {@code classes.txt}. Neuron n belongs to processing element n % elements; an
 * element's weight words run neuron by neuron and hold, from the least significant bit on, as many inputs as the
 * element took at once.
 */
public final class ParameterFolder {
    private static final String FILES = "[0-9]{1,2}-[0-9]{1,4}-(weights|thres)\\.bin|classes\\.txt";
    private static final String CLASSES = "classes.txt";
    private static final int LARGEST_THRESHOLD = 1 << 20;
    private static final int MOST_LAYERS = 64;
    private static final int MOST_LABEL_BYTES = 4096;

    private final SortedMap<String, byte[]> files;

    private ParameterFolder(SortedMap<String, byte[]> files) {
        this.files = files;
    }

    /**
     * Reads the parameter files of a folder, of at most this size together; a {@link ModelException} names the folder.
     */
    public static ParameterFolder read(Path folder, long limitBytes) throws IOException {
        List<Path> found;
        try (Stream<Path> all = Files.list(folder)) {
            found = all.filter(file -> file.getFileName().toString().matches(FILES) && Files.isRegularFile(file))
                    .toList();
        }
        SortedMap<String, byte[]> files = new TreeMap<>();
        long left = limitBytes;
        try {
            for (Path file : found) {
                require(
                        Files.size(file) <= left,
                        "its files have more than the limit of %d bytes; raise the limit if that is intended.",
                        limitBytes);
                byte[] contents = FileContents.read(file, left);
                files.put(file.getFileName().toString(), contents);
                left -= contents.length;
            }
        } catch (ModelException problem) {
            throw new ModelException("Model folder " + folder + ": " + problem.getMessage(), problem);
        }
        return new ParameterFolder(files);
    }

    /** What was read, by the files' names. */
    public SortedMap<String, byte[]> files() {
        return Collections.unmodifiableSortedMap(files);
    }

    /** How many layers have weights. */
    int layers() {
        int layers = 0;
        while (layers < MOST_LAYERS && files.containsKey(name(layers, 0, "weights"))) {
            layers++;
        }
        return layers;
    }

    /** Bits a weight of this layer takes: 2 where a word holds more than a bit for each of its inputs. */
    int weightBits(LayerSize layer) {
        int elements = elements(layer);
        int words = words(layer, elements);
        int lanes = lanes(layer, elements, words);
        long used = 0;
        for (int element = 0; element < elements; element++) {
            LongBuffer contents = read(name(layer.index(), element, "weights"), words);
            for (int word = 0; word < words; word++) {
                used |= contents.get(word);
            }
        }
        int bits = lanes == Long.SIZE || used >>> lanes == 0 ? 1 : 2;
        require(
                bits == 1 || 2 * lanes >= Long.SIZE || used >>> (2 * lanes) == 0,
                "The weight files of layer %d hold more than two bits for each weight; they are damaged or belong to another network.",
                layer.index());
        return bits;
    }

    /** One row for each neuron: +1 and -1 of one bit, 1, 0 and -1 of two. */
    byte[][] weights(LayerSize layer, int bits) {
        int elements = elements(layer);
        int words = words(layer, elements);
        int lanes = lanes(layer, elements, words);
        int folds = layer.inputs() / lanes;
        byte[][] weights = new byte[layer.neurons()][layer.inputs()];
        for (int element = 0; element < elements; element++) {
            String name = name(layer.index(), element, "weights");
            LongBuffer contents = read(name, words);
            for (int word = 0; word < words; word++) {
                byte[] neuron = weights[word / folds * elements + element];
                for (int lane = 0; lane < lanes; lane++) {
                    neuron[word % folds * lanes + lane] = weight(name, contents.get(word) >> (bits * lane), bits);
                }
            }
        }
        return weights;
    }

    private static byte weight(String file, long code, int bits) {
        if (bits == 1) {
            return (byte) ((code & 1) == 1 ? 1 : -1);
        }
        int weight = (int) (code << 62 >> 62);
        require(
                weight != -2,
                "File %s has a weight of -2 where BNN-PYNQ's two-bit weights are -1, 0 and 1; it is damaged.",
                file);
        return (byte) weight;
    }

    /** Words in each weight file of a layer, such that every word holds the same number of inputs. */
    private int words(LayerSize layer, int elements) {
        String first = name(layer.index(), 0, "weights");
        long bytes = file(first).length;
        long weights = (long) layer.inputs() * layer.neurons() / elements;
        long lanes = bytes < Long.BYTES ? 0 : weights / (bytes / Long.BYTES);
        require(
                bytes % Long.BYTES == 0
                        && lanes >= 1
                        && lanes <= Long.SIZE
                        && layer.inputs() % lanes == 0
                        && weights == lanes * (bytes / Long.BYTES),
                "File %s has %d bytes, which do not hold the %d weights of %d of the %d neurons of layer %d; it is not complete or belongs "
                        + "to another network.",
                first,
                bytes,
                weights,
                layer.neurons() / elements,
                layer.neurons(),
                layer.index());
        return (int) (bytes / Long.BYTES);
    }

    private static int lanes(LayerSize layer, int elements, int words) {
        return (int) ((long) layer.inputs() * layer.neurons() / ((long) elements * words));
    }

    /** Thresholds of each neuron of a layer by the size of its first file. */
    int thresholdsPerNeuron(LayerSize layer) {
        int neurons = layer.neurons() / elements(layer);
        String first = name(layer.index(), 0, "thres");
        long words = file(first).length / Long.BYTES;
        return words == 2L * neurons ? 2 : 1;
    }

    /** One row for each neuron, ascending. */
    int[][] thresholds(LayerSize layer, int perNeuron) {
        int elements = elements(layer);
        int[][] thresholds = new int[layer.neurons()][perNeuron];
        for (int element = 0; element < elements; element++) {
            String name = name(layer.index(), element, "thres");
            LongBuffer words = read(name, layer.neurons() / elements * perNeuron);
            for (int i = 0; i < words.limit(); i++) {
                long threshold = words.get(i);
                require(
                        Math.abs(threshold) <= LARGEST_THRESHOLD && threshold != Long.MIN_VALUE,
                        "File %s has threshold %d, beyond %d; no sum reaches it, so the file is damaged.",
                        name,
                        threshold,
                        LARGEST_THRESHOLD);
                thresholds[i / perNeuron * elements + element][i % perNeuron] = (int) threshold;
            }
        }
        for (int[] neuron : thresholds) {
            Arrays.sort(neuron);
        }
        return thresholds;
    }

    /** The lines of {@code classes.txt}; empty when there is none. */
    List<String> labels() {
        byte[] contents = files.getOrDefault(CLASSES, new byte[0]);
        require(
                contents.length <= MOST_LABEL_BYTES,
                "File classes.txt has more than %d bytes; give one class name a line.",
                MOST_LABEL_BYTES);
        return new String(contents, StandardCharsets.UTF_8)
                .replaceFirst("^\\uFEFF", "")
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private int elements(LayerSize layer) {
        int elements = 0;
        while (elements <= layer.neurons() && files.containsKey(name(layer.index(), elements, "weights"))) {
            elements++;
        }
        require(
                elements > 0 && layer.neurons() % elements == 0,
                "Layer %d has weight files for %d processing elements, among which its %d neurons cannot be shared evenly; a file is missing "
                        + "or the folder holds another network.",
                layer.index(),
                elements,
                layer.neurons());
        return elements;
    }

    private byte[] file(String name) {
        byte[] contents = files.get(name);
        if (contents == null) {
            throw new ModelException("There is no file " + name + "; copy the network's whole folder.");
        }
        return contents;
    }

    private LongBuffer read(String name, int words) {
        byte[] contents = file(name);
        require(
                contents.length == (long) words * Long.BYTES,
                "File %s has %d bytes instead of %d; it is not complete or belongs to another " + "network.",
                name,
                contents.length,
                (long) words * Long.BYTES);
        return ByteBuffer.wrap(contents).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    }

    private static String name(int layer, int element, String kind) {
        return layer + "-" + element + "-" + kind + ".bin";
    }
}
