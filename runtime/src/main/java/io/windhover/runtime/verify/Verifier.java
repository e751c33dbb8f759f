// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.evaluation.Evaluation;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.Profile;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a model for a device and finds out what it does there.
 *
 * @param device its locator; no {@code reference:}, which is what it is compared with
 */
public record Verifier(String device, SessionOptions options) {
    /**
     * Runs a model.
     *
     * @param frames to compare with the reference
     * @param images labelled ones to measure the accuracy over, on the functional model, whose bytes are the same; null
     *     for none
     * @param step called after each frame and image
     * @param skip gets each image that cannot be used
     */
    public Verification verify(
            Model model,
            List<? extends FrameInput> frames,
            @Nullable Dataset images,
            Runnable step,
            Consumer<InputException> skip) {
        try (Device opened = Device.open(device)) {
            Capabilities capabilities = opened.capabilities()
                    .orElseThrow(() -> new WindhoverException("Device '" + device
                            + "' is the reference itself; choose an rtl: or functional: device to compare with it."));
            Model compiled = compiled(model, capabilities);
            return found(
                    compiled,
                    capabilities,
                    Exactness.of(opened, compiled, options, frames, step),
                    opened.profile(compiled, 1, options, step),
                    images == null ? null : accuracy(compiled, capabilities, images, step, skip));
        }
    }

    /** The model with its program for an accelerator. */
    public static Model compiled(Model model, Capabilities capabilities) {
        return model.compiledFor(capabilities) != null
                ? model
                : model.with(Compiler.compile(model.graph(), capabilities));
    }

    /** What was found of a model that is compiled for an accelerator. */
    public Verification found(
            Model compiled,
            Capabilities capabilities,
            Exactness exactness,
            Profile profile,
            Verification.@Nullable Accuracy accuracy) {
        CompiledModel program = Objects.requireNonNull(compiled.compiledFor(capabilities));
        return new Verification(
                compiled.name(),
                compiled.source(),
                device,
                exactness,
                profile,
                HostReport.beyondEnds(compiled.graph(), Placement.of(compiled.graph())),
                program.constants().length,
                program.scratchBytes(),
                accuracy);
    }

    /** What is different from an older version of a model, whose outputs are compared over the same frames. */
    public Change change(
            Model before, Verification then, Model now, Verification found, List<? extends FrameInput> frames) {
        return new Change(
                then,
                found,
                Change.layers(then.profile(), found.profile()),
                OutputChange.between(before, now, inputs(now, frames)));
    }

    private List<byte[][]> inputs(Model model, List<? extends FrameInput> frames) {
        List<byte[][]> inputs = new ArrayList<>();
        try (Device reference = Device.open("reference:");
                Session session = reference.load(model, options)) {
            for (FrameInput input : frames) {
                Frame frame = session.frame();
                input.fill(session, frame);
                inputs.add(Exactness.given(model.graph(), frame));
            }
        }
        return inputs;
    }

    /** The accuracy of a model that is compiled for an accelerator, on the functional model of that. */
    public Verification.Accuracy accuracy(
            Model model, Capabilities capabilities, Dataset images, Runnable step, Consumer<InputException> skip) {
        try (Device functional = Device.open("functional:" + capabilities.name());
                Session session = functional.load(model, options)) {
            Evaluation evaluation = Evaluation.run(session, images, Integer.MAX_VALUE, step, skip);
            return new Verification.Accuracy(evaluation.images(), evaluation.top1(), evaluation.top5());
        }
    }
}
