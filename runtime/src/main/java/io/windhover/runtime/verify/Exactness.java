// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.reference.Values;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device gives the bytes of the reference executor.
 *
 * @param frames that were compared
 * @param frame the one that differs; null where none does
 * @param difference its first tensor that differs, in the order in which the network computes them
 */
public record Exactness(
        int frames, @Nullable String frame, @Nullable Difference difference) {
    public boolean isExact() {
        return difference == null;
    }

    /**
     * Runs frames on both, and compares the network's outputs, up to the first frame that differs. That one is run once
     * more with every tensor kept, to find where it begins to differ.
     *
     * @param step called after each frame
     */
    public static Exactness of(
            Device device, Model model, SessionOptions options, List<? extends FrameInput> frames, Runnable step) {
        Graph graph = model.graph();
        ReferenceExecutor reference = new ReferenceExecutor(graph);
        int compared = 0;
        try (Session session = device.load(model, options)) {
            for (FrameInput input : frames) {
                Frame frame = session.frame();
                input.fill(session, frame);
                byte[][] given = given(graph, frame);
                run(session, frame);
                compared++;
                Difference difference = inOutputs(graph, reference.run(given), outputs(graph, frame));
                if (difference != null) {
                    return new Exactness(compared, input.name(), first(device, model, options, input, difference));
                }
                step.run();
            }
        }
        return new Exactness(compared, null, null);
    }

    /**
     * As {@link #of} of one frame that has been run.
     *
     * @param given the bytes of its inputs
     * @param outputs what it gave
     */
    public static Exactness ofRun(
            Device device,
            Model model,
            SessionOptions options,
            FrameInput input,
            byte[][] given,
            List<byte[]> outputs) {
        Graph graph = model.graph();
        Difference difference = inOutputs(graph, new ReferenceExecutor(graph).run(given), outputs);
        return difference == null
                ? new Exactness(1, null, null)
                : new Exactness(1, input.name(), first(device, model, options, input, difference));
    }

    /** As {@link #of} of one frame, but of every tensor, all of which the program keeps for it. */
    public static Exactness ofAllTensors(Device device, Model model, SessionOptions options, FrameInput input) {
        Difference difference = inAll(device, model, options, input);
        return new Exactness(1, difference == null ? null : input.name(), difference);
    }

    private static void run(Session session, Frame frame) {
        session.submit(frame);
        session.await(frame);
    }

    /** The bytes of a frame's inputs. */
    public static byte[][] given(Graph graph, Frame frame) {
        byte[][] inputs = new byte[graph.inputs().length][];
        for (int input = 0; input < inputs.length; input++) {
            inputs[input] = contents(frame.input(input));
        }
        return inputs;
    }

    private static byte[] contents(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return bytes;
    }

    /** The bytes of a frame's outputs. */
    public static List<byte[]> outputs(Graph graph, Frame frame) {
        return IntStream.range(0, graph.outputs().length)
                .mapToObj(output -> contents(frame.output(output)))
                .toList();
    }

    private static @Nullable Difference inOutputs(Graph graph, Values expected, List<byte[]> outputs) {
        for (int output = 0; output < graph.outputs().length; output++) {
            int tensor = graph.outputs()[output];
            Difference difference = Difference.between(graph, tensor, expected.bytes(tensor), outputs.get(output));
            if (difference != null) {
                return difference;
            }
        }
        return null;
    }

    /** Where a frame whose outputs differ begins to; in these where it does not while every tensor is kept. */
    private static Difference first(
            Device device, Model model, SessionOptions options, FrameInput input, Difference inOutputs) {
        return Objects.requireNonNullElse(inAll(device, model, options, input), inOutputs);
    }

    /** Null where the network gives the right outputs while every tensor is kept. */
    private static @Nullable Difference inAll(Device device, Model model, SessionOptions options, FrameInput input) {
        Graph graph = model.graph();
        try (Session session = device.load(model, options.withAllTensors(true))) {
            Frame frame = session.frame();
            input.fill(session, frame);
            Values expected = new ReferenceExecutor(graph).run(given(graph, frame));
            run(session, frame);
            IntFunction<byte[]> actual = tensor -> session.activation(frame, tensor);
            for (Operator operator : graph.operators()) {
                for (int tensor : operator.outputs()) {
                    Difference difference =
                            Difference.between(graph, tensor, expected.bytes(tensor), actual.apply(tensor));
                    if (difference != null) {
                        return difference;
                    }
                }
            }
        }
        return null;
    }
}
