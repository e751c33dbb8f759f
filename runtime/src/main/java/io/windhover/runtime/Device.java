// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime;

import io.windhover.contract.Configuration;
import io.windhover.driver.Accelerator;
import io.windhover.driver.Capabilities;
import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.engine.AcceleratorEngine;
import io.windhover.runtime.engine.Engine;
import io.windhover.runtime.engine.ReferenceEngine;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.profile.EstimatedProfile;
import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.profile.Profiler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that runs networks: {@code rtl:zynq7020} (the simulated accelerator), {@code functional:} (its fast
 * functional model) or {@code reference:} (Java, no native code). Closing it closes its sessions first.
 */
public final class Device implements AutoCloseable {
    private static final String REFERENCE = "reference:";

    private final String locator;
    private final @Nullable Accelerator accelerator;
    private final List<Session> sessions = new ArrayList<>();

    private Device(String locator, @Nullable Accelerator accelerator) {
        this.locator = locator;
        this.accelerator = accelerator;
    }

    /** Opens a device; a {@link io.windhover.driver.DriverException} says why it cannot be. */
    public static Device open(String locator) {
        boolean reference = locator.equals(REFERENCE) || locator.equals("reference");
        return new Device(locator, reference ? null : accelerator(locator));
    }

    /** The driver does not know which devices there are. */
    private static Accelerator accelerator(String locator) {
        try {
            return Accelerator.open(locator);
        } catch (DriverException refusal) {
            if (refusal.status() != Status.INVALID_ARGUMENT && refusal.status() != Status.NOT_FOUND) {
                throw refusal;
            }
            throw new DriverException(
                    refusal.status(),
                    refusal.getMessage() + "; devices are " + String.join(", ", simulated())
                            + "; functional: alone is functional:zynq7020");
        }
    }

    /** The locators of the devices that every machine can have, without options. */
    public static List<String> simulated() {
        List<String> locators = new ArrayList<>();
        for (String scheme : new String[] {"rtl:", "functional:"}) {
            Configuration.ALL.forEach(configuration -> locators.add(scheme + configuration.name()));
        }
        locators.add(REFERENCE);
        return locators;
    }

    public String locator() {
        return locator;
    }

    /** What the accelerator reports about itself; empty for the reference executor. */
    public Optional<Capabilities> capabilities() {
        return Optional.ofNullable(accelerator).map(Accelerator::capabilities);
    }

    /** Loads a model file or zoo:NAME and makes it resident. */
    public Session load(String model) {
        return load(new ModelLoader(Limits.DEFAULT.modelBytes()).load(model), SessionOptions.DEFAULT);
    }

    /** Makes a model resident. */
    public Session load(Model model, SessionOptions options) {
        Session session = new Session(this, model, engine(model, options), options);
        sessions.add(session);
        return session;
    }

    /**
     * Runs frames of zeros and measures the last one. Where the model has more commands than the device traces in one
     * frame, further frames are run for the rest. A model that runs wholly on the host has a profile of zeros.
     *
     * @param step called after each frame
     */
    public Profile profile(Model model, int frames, SessionOptions options, Runnable step) {
        Accelerator measured = requireAccelerator();
        CompiledModel program = program(model, measured.capabilities(), false);
        return Profiler.profile(measured, model.graph(), program, frames, options.frameTimeout(), step);
    }

    /** What a frame is expected to take, by the compiler's {@link Estimate}; nothing is run. */
    public Profile estimate(Model model) {
        Capabilities capabilities = requireAccelerator().capabilities();
        CompiledModel stored = model.compiledFor(capabilities);
        Estimate estimate = Compiler.estimate(model.graph(), capabilities);
        if (stored != null && !Arrays.equals(stored.commands(), estimate.model().commands())) {
            throw new WindhoverException("The program of '" + model.source()
                    + "' is another version's of the compiler, so there is no estimate of it; compile the model again, or profile"
                    + " it on an rtl: device.");
        }
        return EstimatedProfile.of(estimate, model.graph(), locator, capabilities);
    }

    /** The program that {@link #load(Model, SessionOptions)} runs; empty for the reference executor. */
    public Optional<CompiledModel> program(Model model, SessionOptions options) {
        return capabilities().map(capabilities -> program(model, capabilities, options.keepAllTensors()));
    }

    private Accelerator requireAccelerator() {
        if (accelerator == null) {
            throw new WindhoverException(
                    "Device '" + locator + "' has no accelerator to profile; choose an rtl: device.");
        }
        return accelerator;
    }

    private Engine engine(Model model, SessionOptions options) {
        return accelerator == null
                ? new ReferenceEngine(model.graph(), options.frameTimeout())
                : new AcceleratorEngine(
                        accelerator,
                        model.graph(),
                        program(model, accelerator.capabilities(), options.keepAllTensors()),
                        options.keepAllTensors(),
                        options.frameTimeout());
    }

    private static CompiledModel program(Model model, Capabilities capabilities, boolean keepAllTensors) {
        CompiledModel stored = model.compiledFor(capabilities);
        if (keepAllTensors) {
            return Compiler.compileKeepingEveryTensor(model.graph(), capabilities);
        }
        return stored != null ? stored : Compiler.compile(model.graph(), capabilities);
    }

    /** Closes its sessions, then the device. May be called more than once. */
    @Override
    public void close() {
        sessions.forEach(Session::close);
        sessions.clear();
        if (accelerator != null) {
            accelerator.close();
        }
    }
}
