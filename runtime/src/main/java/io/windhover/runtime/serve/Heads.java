// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Frame;
import io.windhover.runtime.mqtt.ResultStream.Head;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The outputs of a frame as they are. */
final class Heads {
    /** Larger outputs go as bytes: as numbers they would take many times the room. JSON has no number for infinity. */
    private static final int MOST_VALUES = 4096;

    private Heads() {}

    static List<Head> of(Graph graph, Frame frame) {
        List<Head> heads = new ArrayList<>();
        for (int i = 0; i < graph.outputs().length; i++) {
            heads.add(head(graph.tensor(graph.outputs()[i]), frame.output(i)));
        }
        return heads;
    }

    private static Head head(Tensor tensor, ByteBuffer bytes) {
        Quantization quantization = tensor.quantization();
        double[] values = tensor.shape().elements() <= MOST_VALUES ? values(tensor, bytes) : null;
        boolean few = values != null && Arrays.stream(values).allMatch(Double::isFinite);
        return new Head(
                tensor.name(),
                tensor.shape().dimensions(),
                tensor.type().name(),
                quantization == null ? null : quantization.scale(),
                quantization == null ? null : quantization.zeroPoint(),
                few ? values : null,
                few ? null : base64(tensor, bytes));
    }

    private static double[] values(Tensor tensor, ByteBuffer bytes) {
        double[] values = new double[tensor.shape().elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.real(bytes, i);
        }
        return values;
    }

    private static String base64(Tensor tensor, ByteBuffer bytes) {
        byte[] copy = new byte[tensor.bytes()];
        bytes.get(0, copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
