// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.runtime.Device;
import io.windhover.runtime.Limits;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.FrameInput;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model that is resident on a device of its own. For use by one thread at a time. */
public final class ModelOnDevice implements AutoCloseable {
    private final Device device;
    private final Session session;
    private @Nullable Profile profile;

    private ModelOnDevice(Device device, Session session) {
        this.device = device;
        this.session = session;
    }

    static ModelOnDevice open(String locator, String source) {
        Model model = new ModelLoader(Limits.DEFAULT.modelBytes()).load(source);
        Device device = Device.open(locator);
        try {
            if (device.capabilities().isEmpty()) {
                throw new WindhoverException(
                        "Device '" + locator + "' is the reference itself; choose an rtl: or functional: device.");
            }
            return new ModelOnDevice(device, device.load(model, SessionOptions.DEFAULT));
        } catch (RuntimeException problem) {
            device.close();
            throw problem;
        }
    }

    /** Runs one frame; what is returned asserts things of it. */
    public FrameResult run(FrameInput input) {
        return FrameResult.of(this, input);
    }

    /** Fails where the host computes more than conversions and a softmax at the model's ends. */
    public ModelOnDevice leavesNothingToTheHost() {
        List<HostReport.Entry> left = HostReport.beyondEnds(model().graph(), Placement.of(model().graph()));
        if (!left.isEmpty()) {
            throw new AssertionError(
                    "A part of model '" + model().name() + "' is left to the host: " + HostReport.words(left) + ".");
        }
        return this;
    }

    /** Where a frame's cycles go, layer by layer; measured once, with one more frame. */
    public Profile profile() {
        if (profile == null) {
            profile = device.profile(model(), 1, SessionOptions.DEFAULT, () -> {});
        }
        return profile;
    }

    public Model model() {
        return session.model();
    }

    Device device() {
        return device;
    }

    Session session() {
        return session;
    }

    @Override
    public void close() {
        device.close();
    }
}
