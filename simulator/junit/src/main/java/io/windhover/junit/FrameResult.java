// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.models.graph.Graph;
import io.windhover.runtime.Classification;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.Exactness;
import io.windhover.runtime.verify.FrameInput;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a frame gave; each assertion fails in a sentence that says what was found, and returns this. */
public final class FrameResult {
    private static final int LAYERS_SHOWN = 3;

    private final ModelOnDevice model;
    private final FrameInput input;
    private final byte[][] given;
    private final List<byte[]> outputs;

    private FrameResult(ModelOnDevice model, FrameInput input, byte[][] given, List<byte[]> outputs) {
        this.model = model;
        this.input = input;
        this.given = given;
        this.outputs = outputs;
    }

    static FrameResult of(ModelOnDevice model, FrameInput input) {
        Session session = model.session();
        Graph graph = session.model().graph();
        Frame frame = session.frame();
        input.fill(session, frame);
        byte[][] given = Exactness.given(graph, frame);
        session.submit(frame);
        session.await(frame);
        return new FrameResult(model, input, given, Exactness.outputs(graph, frame));
    }

    /** The bytes of an output, in its own type, NHWC, little-endian. */
    public byte[] output(int index) {
        return outputs.get(index).clone();
    }

    /**
     * The outputs are the reference executor's, byte for byte. Where they are not, the frame is run again with every
     * tensor kept, and the first that differs is named with its layer, position and both values.
     */
    public FrameResult isBitExact() {
        return requireExact(
                Exactness.ofRun(model.device(), model.model(), SessionOptions.DEFAULT, input, given, outputs));
    }

    /**
     * All tensors that the network computes are the reference executor's, byte for byte. The program keeps each of them
     * in memory for it, which takes longer.
     */
    public FrameResult isBitExactThroughout() {
        return requireExact(Exactness.ofAllTensors(model.device(), model.model(), SessionOptions.DEFAULT, input));
    }

    /** The first line says what differs; then come the commands of its layer, and where its waveform is. */
    private FrameResult requireExact(Exactness exactness) {
        if (exactness.difference() != null) {
            List<String> lines = new ArrayList<>();
            lines.add("On " + input.name() + ", " + exactness.difference().words() + ".");
            lines.addAll(exactness.listing());
            if (lines.size() > 1) {
                lines.set(1, model.device().locator() + " ran " + lines.get(1));
            }
            lines.addAll(model.waveform(input, exactness));
            throw new AssertionError(String.join("\n", lines));
        }
        return this;
    }

    /** The most probable class has this name; of a model without names it is {@code class N}. */
    public FrameResult hasTop1(String label) {
        Classification.Score best = model.session().ranked(outputs.get(0), 1).get(0);
        if (!label.equals(best.label())) {
            throw new AssertionError("On " + input.name() + ", model '"
                    + model.model().name() + "' says " + best + ", not '" + label + "'.");
        }
        return this;
    }

    /** A frame takes no more cycles; exact on rtl: devices, and refused on those that count none. */
    public FrameResult takesAtMost(long cycles) {
        Profile profile = model.profile();
        if (profile.totalCycles() == 0) {
            throw new IllegalStateException(
                    "Device '" + profile.device() + "' counts no cycles; choose an rtl: device to ask for them.");
        }
        if (profile.totalCycles() > cycles) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "A frame of model '%s' takes %,d cycles on %s, and may take %,d; most go to %s.",
                    profile.model(),
                    profile.totalCycles(),
                    profile.device(),
                    cycles,
                    most(profile)));
        }
        return this;
    }

    private static String most(Profile profile) {
        return profile.layers().stream()
                .sorted(Comparator.comparingLong(Profile.Layer::shareCycles).reversed())
                .limit(LAYERS_SHOWN)
                .map(layer -> String.format(
                        Locale.ROOT, "%s '%s' (%,d)", layer.operator(), layer.name(), layer.shareCycles()))
                .collect(Collectors.joining(", "));
    }
}
