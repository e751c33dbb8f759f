// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.reference;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/** The bytes of every tensor of one inference, in the tensors' own types and layouts. */
public final class Values {
    private final Graph graph;
    private final Map<Integer, byte[]> bytes = new HashMap<>();

    Values(Graph graph) {
        this.graph = graph;
        for (Tensor tensor : graph.tensors()) {
            if (tensor.constant() != null) {
                bytes.put(tensor.index(), tensor.constant());
            }
        }
    }

    /** The bytes of a tensor, little-endian, NHWC; not a copy. */
    public byte[] bytes(int index) {
        return bytes.computeIfAbsent(
                index, missing -> new byte[graph.tensor(missing).bytes()]);
    }

    void set(int index, byte[] contents) {
        bytes.put(index, contents);
    }

    Tensor tensor(int index) {
        return graph.tensor(index);
    }

    Shape shape(int index) {
        return graph.tensor(index).shape();
    }

    /** Size of one element of a tensor that is not packed. */
    int elementBytes(int index) {
        return graph.tensor(index).bytes() / shape(index).elements();
    }

    /** Codes of an 8-bit tensor with its sign or lack of one applied, minus the zero point. */
    int[] centred(int index, int zeroPoint) {
        return centred(bytes(index), graph.tensor(index).type(), zeroPoint);
    }

    static int[] centred(byte[] codes, TensorType type, int zeroPoint) {
        int mask = type == TensorType.UINT8 ? 0xFF : -1;
        int[] values = new int[codes.length];
        for (int i = 0; i < codes.length; i++) {
            values[i] = (codes[i] & mask) - zeroPoint;
        }
        return values;
    }

    /** A copy of a FLOAT32 tensor's elements. */
    public float[] floats(int index) {
        float[] floats = new float[graph.tensor(index).shape().elements()];
        words(index).asFloatBuffer().get(floats);
        return floats;
    }

    void setFloats(int index, float[] contents) {
        words(index).asFloatBuffer().put(contents);
    }

    /** A little-endian view for 4-byte elements. */
    ByteBuffer words(int index) {
        return ByteBuffer.wrap(bytes(index)).order(ByteOrder.LITTLE_ENDIAN);
    }
}
