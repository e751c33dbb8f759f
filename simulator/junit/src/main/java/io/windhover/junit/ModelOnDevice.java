// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.Device;
import io.windhover.runtime.Limits;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.dataset.Dataset;
import io.windhover.runtime.exception.DeviceException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.profile.DeviceNotes;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.verify.Baseline;
import io.windhover.runtime.verify.Exactness;
import io.windhover.runtime.verify.FrameInput;
import io.windhover.runtime.verify.LayerWaveform;
import io.windhover.runtime.verify.Verification;
import io.windhover.runtime.verify.Verifier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A model that is resident on a device of its own. For use by one thread at a time. */
public final class ModelOnDevice implements AutoCloseable {
    /** Set to have baselines written instead of compared. */
    static final String UPDATE = "windhover.update";

    /** The longest burst. */
    private static final int BURST_BYTES = 128;

    private final Device device;
    private final Capabilities capabilities;
    private final Session session;
    private @Nullable Profile profile;
    private Verification.@Nullable Accuracy accuracy;
    private String test = "";

    private ModelOnDevice(Device device, Capabilities capabilities, Session session) {
        this.device = device;
        this.capabilities = capabilities;
        this.session = session;
    }

    static ModelOnDevice open(String locator, String source) {
        return open(locator, new ModelLoader(Limits.DEFAULT.modelBytes()).load(source));
    }

    private static ModelOnDevice open(String locator, Model model) {
        Device device = Device.open(locator);
        try {
            Capabilities capabilities = device.capabilities()
                    .orElseThrow(() -> new WindhoverException(
                            "Device '" + locator + "' is the reference itself; choose an rtl: or functional: device."));
            Session session = device.load(Verifier.compiled(model, capabilities), SessionOptions.DEFAULT);
            return new ModelOnDevice(device, capabilities, session);
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

    /** The device memory that the model's weights, tables, and what lies between its layers need is no more. */
    public ModelOnDevice needsAtMost(long bytes) {
        Verification found = found();
        long needed = found.constantBytes() + found.scratchBytes();
        if (needed > bytes) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "Model '%s' needs %,d bytes of device memory (%,d of weights and tables, %,d between layers), and may "
                            + "need %,d.",
                    model().name(),
                    needed,
                    found.constantBytes(),
                    found.scratchBytes(),
                    bytes));
        }
        return this;
    }

    /**
     * At least this fraction, from 0 to 1, of a folder's images are classified right; it has a subfolder for each
     * class, in the order of their names. The functional model runs them, whose bytes are the device's.
     */
    public ModelOnDevice classifiesRight(double fraction, String folder) {
        Dataset images = Dataset.open("folder:" + folder, model().image());
        Verification.Accuracy measured = verifier().accuracy(model(), capabilities, images, () -> {}, problem -> {
            throw problem;
        });
        accuracy = measured;
        if (measured.top1() < fraction) {
            throw new AssertionError(String.format(
                    Locale.ROOT,
                    "Model '%s' classifies %.2f %% of the %,d images in %s right, and must %.2f %%.",
                    model().name(),
                    measured.top1() * 100,
                    measured.images(),
                    folder,
                    fraction * 100));
        }
        return this;
    }

    /**
     * A frame takes no more cycles than a committed file says of this model on this device, and where
     * {@link #classifiesRight} was asked before, no fewer images are right. {@code -Dwindhover.update} writes the file;
     * './windhover verify --baseline' reads and writes it too.
     */
    public ModelOnDevice keepsBaseline(String file) {
        Path baseline = Path.of(file);
        String update = System.getProperty(UPDATE, "false");
        if (!update.equals("false")) {
            Baseline.update(baseline, List.of(found()));
            return this;
        }
        String worse = Baseline.read(baseline).check(found()).stream()
                .filter(check -> !check.passed())
                .map(check -> check.sentence().replace("--update", "-D" + UPDATE))
                .collect(Collectors.joining(" "));
        if (!worse.isEmpty()) {
            throw new AssertionError("Model '" + model().name() + "': " + worse);
        }
        return this;
    }

    /**
     * A bus error at a random burst ends the frame in a fault that says so, and the device's next frame has the same
     * bytes as one without it; so often, each on a device of its own.
     */
    public ModelOnDevice survivesBusErrors(int count, long seed) {
        if (count > 0 && !device.locator().startsWith(DeviceNotes.SCHEME)) {
            throw new IllegalStateException(
                    "Device '" + device.locator() + "' has no bus; choose an rtl: device to ask for errors on it.");
        }
        Random random = new Random(seed);
        for (int i = 0; i < count; i++) {
            boolean reading = random.nextBoolean();
            long bytes = reading ? profile().readBytes() : profile().writtenBytes();
            String kind = reading ? "read_error" : "write_error";
            String locator =
                    DeviceNotes.with(device.locator(), kind + "=" + (1 + random.nextLong(1 + bytes / BURST_BYTES)));
            survive(locator, kind.toUpperCase(Locale.ROOT), Inputs.random(random.nextLong(1 << 20)));
        }
        return this;
    }

    void survive(String locator, String fault, FrameInput input) {
        try (ModelOnDevice faulty = open(locator, model())) {
            try {
                faulty.run(input);
                throw new AssertionError("On " + input.name() + ", model '" + model().name()
                        + "' ended without a fault on " + locator + ".");
            } catch (DeviceException problem) {
                if (!String.valueOf(problem.getMessage()).contains(fault)) {
                    throw new AssertionError(
                            "On " + input.name() + ", a bus error did not end in " + fault + " on " + locator + ": "
                                    + problem.getMessage(),
                            problem);
                }
            }
            for (int output = 0; output < model().graph().outputs().length; output++) {
                if (!Arrays.equals(run(input).output(output), faulty.run(input).output(output))) {
                    throw new AssertionError("On " + input.name() + " after a bus error, output " + output
                            + " of model '" + model().name() + "' is another one on " + locator + ".");
                }
            }
        }
    }

    /** What waveforms are called from now on. */
    void named(String testName) {
        test = testName;
    }

    /**
     * Runs a frame that differs again; a line that says where its waveform is. None where the device has no signals.
     */
    List<String> waveform(FrameInput input, Exactness found) {
        if (!device.locator().startsWith(DeviceNotes.SCHEME)) {
            return List.of();
        }
        return List.of(
                new LayerWaveform(device.locator(), model(), SessionOptions.DEFAULT, input).write(found, wave()));
    }

    /** Called after the test that runs; after the model where there is none. */
    Path wave() {
        return Waves.file(test.isEmpty() ? model().name().replaceAll("[^A-Za-z0-9._-]", "_") : test);
    }

    private Verifier verifier() {
        return new Verifier(device.locator(), SessionOptions.DEFAULT);
    }

    private Verification found() {
        return verifier().found(model(), capabilities, Exactness.exact(0), profile(), accuracy);
    }

    /** Where a frame's cycles go, layer by layer; measured once, with one more frame. */
    public Profile profile() {
        if (profile == null) {
            profile = device.profile(model(), 1, SessionOptions.DEFAULT, () -> {});
            System.setProperty(
                    "windhover.cycles." + profile.model() + "." + profile.device(),
                    Long.toString(profile.totalCycles()));
        }
        return profile;
    }

    /** The profile, if a test asked for cycles. */
    @Nullable
    Profile measured() {
        return profile;
    }

    /** Null where no test asked for it. */
    Verification.@Nullable Accuracy accuracy() {
        return accuracy;
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
