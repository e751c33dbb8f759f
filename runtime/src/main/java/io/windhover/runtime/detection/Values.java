// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.detection;

import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.exception.DetectionException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The real numbers of one output. Its arrays are kept from frame to frame. */
final class Values {
    private static final int CODES = 256;
    /** What quantisation may add to a probability at either end. */
    private static final double SLACK = 0.02;

    private final Tensor tensor;
    private final String model;
    private final byte[] codes;
    private final double[] realOfCode = new double[CODES];
    private final float[] reals;

    Values(Tensor tensor, String model) {
        this.tensor = tensor;
        this.model = model;
        int elements = tensor.shape().elements();
        boolean bytes = tensor.type().isByte();
        codes = new byte[bytes ? elements : 0];
        reals = new float[bytes ? 0 : elements];
        ByteBuffer one = ByteBuffer.allocate(1);
        for (int code = 0; code < (bytes ? CODES : 0); code++) {
            realOfCode[code] = tensor.real(one.put(0, (byte) code), 0);
        }
    }

    Tensor tensor() {
        return tensor;
    }

    void load(ByteBuffer contents) {
        if (codes.length > 0) {
            contents.get(0, codes);
        } else if (tensor.type() == TensorType.FLOAT32) {
            contents.duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .position(0)
                    .asFloatBuffer()
                    .get(reals);
        } else {
            ByteBuffer little = contents.duplicate().order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < reals.length; i++) {
                reals[i] = (float) tensor.real(little, i);
            }
        }
    }

    /** An element as it is; it may be no finite number. */
    private double raw(int element) {
        return codes.length > 0 ? realOfCode[codes[element] & 255] : reals[element];
    }

    /** An element; refuses what is no finite number. */
    double real(int element) {
        double real = raw(element);
        if (!Double.isFinite(real)) {
            throw new DetectionException("Model '" + model + "' gives " + real + " at element " + element
                    + " of its output '" + tensor.name()
                    + "', so there are no boxes; check its weights and the numbers that preprocessing gives it.");
        }
        return real;
    }

    /** An element that is a probability, cut to 0 to 1; refuses what is none. */
    double probability(int element) {
        double real = raw(element);
        if (!(real >= -SLACK && real <= 1 + SLACK)) {
            throw new DetectionException("Model '" + model + "' gives " + real + " at element " + element
                    + " of its output '" + tensor.name()
                    + "' where a score of 0 to 1 should be, so there are no boxes; its boxes are written in another "
                    + "way than --decode says, or its scores lack an activation, or its weights or input are wrong.");
        }
        return Math.max(0, Math.min(1, real));
    }
}
