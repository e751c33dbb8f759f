// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorUses;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A tensor that a device has otherwise than the reference.
 *
 * @param tensor its name
 * @param layer that makes it: its position in the network and its kind
 * @param layerNumber its position in the network; -1 for a tensor that no layer makes
 * @param position of the first element that differs, in the tensor's own dimensions
 * @param actual that element on the device, a code or a real number as text
 * @param expected the same of the reference
 * @param differing elements that differ
 * @param elements all of them
 */
public record Difference(
        String tensor,
        String layer,
        int layerNumber,
        List<Integer> position,
        String actual,
        String expected,
        int differing,
        int elements) {
    public Difference {
        position = List.copyOf(position);
    }

    /** The difference of a tensor's contents, null where they are the same. */
    static @Nullable Difference between(Graph graph, int index, byte[] expected, byte[] actual) {
        if (Arrays.equals(expected, actual)) {
            return null;
        }
        Tensor tensor = graph.tensor(index);
        ByteBuffer right = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer found = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
        int elements = tensor.shape().elements();
        int first = elements;
        int differing = 0;
        for (int element = elements - 1; element >= 0; element--) {
            if (bits(tensor, right, element) != bits(tensor, found, element)) {
                first = element;
                differing++;
            }
        }
        if (differing == 0) {
            return null;
        }
        return new Difference(
                tensor.name(),
                layer(graph, index),
                layerNumber(graph, index),
                position(tensor, first),
                text(tensor, bits(tensor, found, first)),
                text(tensor, bits(tensor, right, first)),
                differing,
                elements);
    }

    private static String layer(Graph graph, int tensor) {
        int number = layerNumber(graph, tensor);
        return number < 0
                ? "the network's input"
                : "layer " + number + ", " + graph.operators().get(number).kind();
    }

    private static int layerNumber(Graph graph, int tensor) {
        Operator producer = new TensorUses(graph).producer(tensor);
        return producer == null ? -1 : graph.operators().indexOf(producer);
    }

    /** An element as it lies in memory; unused bits behind a pixel's last channel are none. */
    private static long bits(Tensor tensor, ByteBuffer contents, int element) {
        return switch (tensor.type()) {
            case INT8, UINT8, BOOL -> contents.get(element);
            case INT32, FLOAT32 -> contents.getInt(Integer.BYTES * element);
            case INT64 -> contents.getLong(Long.BYTES * element);
            case BITS -> {
                int channels = tensor.shape().channels();
                int pixelBytes = (channels + 7) / 8;
                int channel = element % channels;
                yield contents.get(element / channels * pixelBytes + channel / 8) >> channel % 8 & 1;
            }
        };
    }

    private static String text(Tensor tensor, long bits) {
        return switch (tensor.type()) {
            case UINT8 -> Long.toString(bits & 255);
            case FLOAT32 -> Float.toString(Float.intBitsToFloat((int) bits));
            case BITS -> bits == 0 ? "-1" : "1";
            case INT8, INT32, INT64, BOOL -> Long.toString(bits);
        };
    }

    private static List<Integer> position(Tensor tensor, int element) {
        List<Integer> dimensions = tensor.shape().dimensions();
        List<Integer> position = new ArrayList<>();
        int rest = element;
        for (int dimension = dimensions.size() - 1; dimension >= 0; dimension--) {
            position.add(0, rest % dimensions.get(dimension));
            rest /= dimensions.get(dimension);
        }
        return position;
    }

    /** "layer 3, Convolution: 2 of 64 elements of 'a' differ, the first at [0, 1, 2, 3]: 5 instead of 6". */
    public String words() {
        return String.format(
                Locale.ROOT,
                "%s: %,d of %,d elements of '%s' differ, the first at %s: %s instead of %s",
                layer,
                differing,
                elements,
                tensor,
                position,
                actual,
                expected);
    }
}
