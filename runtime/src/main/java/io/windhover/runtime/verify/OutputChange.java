// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far an output has moved from one version of a model to another, over the same frames.
 *
 * @param name of the newer version's tensor
 * @param frames in which it is not the same
 * @param largest difference of an element, in the real numbers that elements stand for; infinite where one is no number
 * @param mean of the differences of all elements of all frames
 */
public record OutputChange(String name, int frames, double largest, double mean) {
    /** A {@link WindhoverException} says what cannot be compared: other inputs, or outputs of other shapes. */
    static List<OutputChange> between(Model before, Model now, List<byte[][]> frames) {
        requireAlike(before, now);
        List<OutputChange> changes = new ArrayList<>();
        ReferenceExecutor old = new ReferenceExecutor(before.graph());
        ReferenceExecutor current = new ReferenceExecutor(now.graph());
        List<List<byte[]>> oldOutputs = new ArrayList<>();
        List<List<byte[]>> newOutputs = new ArrayList<>();
        for (byte[][] inputs : frames) {
            oldOutputs.add(old.infer(inputs));
            newOutputs.add(current.infer(inputs));
        }
        for (int output = 0; output < now.graph().outputs().length; output++) {
            Tensor one = now.graph().tensor(now.graph().outputs()[output]);
            Tensor other = before.graph().tensor(before.graph().outputs()[output]);
            Sum sum = new Sum();
            for (int frame = 0; frame < frames.size(); frame++) {
                sum.add(
                        other,
                        oldOutputs.get(frame).get(output),
                        one,
                        newOutputs.get(frame).get(output));
            }
            changes.add(new OutputChange(one.name(), sum.frames, sum.largest, sum.all / Math.max(1, sum.elements)));
        }
        return changes;
    }

    private static final class Sum {
        private int frames;
        private double largest;
        private double all;
        private long elements;

        void add(Tensor before, byte[] old, Tensor now, byte[] current) {
            ByteBuffer left = ByteBuffer.wrap(old).order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer right = ByteBuffer.wrap(current).order(ByteOrder.LITTLE_ENDIAN);
            boolean moved = false;
            for (int element = 0; element < now.shape().elements(); element++) {
                double difference = Math.abs(now.real(right, element) - before.real(left, element));
                double counted = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference;
                moved |= counted > 0;
                largest = Math.max(largest, counted);
                all += counted;
                elements++;
            }
            frames += moved ? 1 : 0;
        }
    }

    private static void requireAlike(Model before, Model now) {
        List<Tensor> oldInputs = tensors(before, before.graph().inputs());
        List<Tensor> inputs = tensors(now, now.graph().inputs());
        boolean alike = inputs.size() == oldInputs.size();
        for (int input = 0; alike && input < inputs.size(); input++) {
            alike = isAlike(oldInputs.get(input), inputs.get(input));
        }
        require(alike, before, now, "inputs of another type, shape or quantisation");
        require(
                shapes(tensors(before, before.graph().outputs()))
                        .equals(shapes(tensors(now, now.graph().outputs()))),
                before,
                now,
                "outputs of other shapes");
    }

    private static List<Tensor> tensors(Model model, int[] indices) {
        return Arrays.stream(indices).mapToObj(model.graph()::tensor).toList();
    }

    private static List<Shape> shapes(List<Tensor> tensors) {
        return tensors.stream().map(Tensor::shape).toList();
    }

    private static boolean isAlike(Tensor one, Tensor other) {
        return one.type() == other.type()
                && one.shape().equals(other.shape())
                && isAlike(one.quantization(), other.quantization());
    }

    private static boolean isAlike(@Nullable Quantization one, @Nullable Quantization other) {
        if (one == null || other == null) {
            return one == null && other == null;
        }
        return one.scale() == other.scale() && one.zeroPoint() == other.zeroPoint();
    }

    private static void require(boolean right, Model before, Model now, String what) {
        if (!right) {
            throw new WindhoverException("'" + before.source() + "' has " + what + " than '" + now.source()
                    + "', so their answers cannot be compared; leave out --against.");
        }
    }
}
