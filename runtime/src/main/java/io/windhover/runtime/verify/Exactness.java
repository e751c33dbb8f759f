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
import io.windhover.runtime.compiler.program.ProgramListing;
import io.windhover.runtime.model.Model;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Whether a device gives the bytes of the reference executor.
 *
 * @param frames that were compared
 * @param frame the one that differs; null where none does
 * @param difference its first tensor that differs, in the order in which the network computes them
 * @param keepsAllTensors whether the program in which it was found keeps every tensor
 * @param listing commands of that program that make the tensor, as {@link ProgramListing} writes them
 */
public record Exactness(
        int frames,
        @Nullable String frame,
        @Nullable Difference difference,
        boolean keepsAllTensors,
        List<String> listing) {
    public Exactness {
        listing = List.copyOf(listing);
    }

    /** So many frames that have the reference's bytes. */
    public static Exactness exact(int frames) {
        return new Exactness(frames, null, null, false, List.of());
    }

    private static Exactness differing(
            Device device, Model model, SessionOptions options, int frames, FrameInput input, Difference difference) {
        return new Exactness(
                frames,
                input.name(),
                difference,
                options.keepAllTensors(),
                device.program(model, options)
                        .map(program -> ProgramListing.ofLayer(program, difference.layerNumber()))
                        .orElse(List.of()));
    }

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
                    return first(device, model, options, compared, input, difference);
                }
                step.run();
            }
        }
        return exact(compared);
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
        return difference == null ? exact(1) : first(device, model, options, 1, input, difference);
    }

    /** As {@link #of} of one frame, but of every tensor, all of which the program keeps for it. */
    public static Exactness ofAllTensors(Device device, Model model, SessionOptions options, FrameInput input) {
        SessionOptions all = options.withAllTensors(true);
        Difference difference = ofOne(device, model, all, input);
        return difference == null ? exact(1) : differing(device, model, all, 1, input, difference);
    }

    /** What differs when a frame is run once: in any tensor where the options keep all, else in the outputs. */
    static @Nullable Difference ofOne(Device device, Model model, SessionOptions options, FrameInput input) {
        Graph graph = model.graph();
        try (Session session = device.load(model, options)) {
            Frame frame = session.frame();
            input.fill(session, frame);
            Values expected = new ReferenceExecutor(graph).run(given(graph, frame));
            run(session, frame);
            return options.keepAllTensors()
                    ? inAll(graph, expected, tensor -> session.activation(frame, tensor))
                    : inOutputs(graph, expected, outputs(graph, frame));
        }
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
    private static Exactness first(
            Device device, Model model, SessionOptions options, int frames, FrameInput input, Difference inOutputs) {
        SessionOptions all = options.withAllTensors(true);
        Difference earlier = ofOne(device, model, all, input);
        return earlier == null
                ? differing(device, model, options, frames, input, inOutputs)
                : differing(device, model, all, frames, input, earlier);
    }

    private static @Nullable Difference inAll(Graph graph, Values expected, IntFunction<byte[]> actual) {
        for (Operator operator : graph.operators()) {
            for (int tensor : operator.outputs()) {
                Difference difference = Difference.between(graph, tensor, expected.bytes(tensor), actual.apply(tensor));
                if (difference != null) {
                    return difference;
                }
            }
        }
        return null;
    }
}
