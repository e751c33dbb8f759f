// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.driver.Capabilities;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.DeviceNotes;
import io.windhover.runtime.profile.FrameTrace;

/** Runs a frame of zeros on a device that notes what its queues and ports do, for {@link FrameTrace}. */
final class TraceMeasurement {
    private TraceMeasurement() {}

    private record Ran(CompiledModel program, Capabilities capabilities) {}

    static byte[] measure(String locator, Model model, SessionOptions options) {
        DeviceNotes<Ran> notes = DeviceNotes.of(locator, "timeline", noting -> run(noting, model, options));
        return FrameTrace.of(
                notes.lines(), notes.result().program(), locator, notes.result().capabilities());
    }

    private static Ran run(String locator, Model model, SessionOptions options) {
        try (Device device = Device.open(locator)) {
            Capabilities capabilities = device.capabilities().orElseThrow();
            CompiledModel stored = model.compiledFor(capabilities);
            CompiledModel program = stored == null ? Compiler.compile(model.graph(), capabilities) : stored;
            if (program.commandCount() == 0) {
                throw new WindhoverException("There is nothing to trace: no part of model '" + model.name()
                        + "' runs on the accelerator; leave out --trace.");
            }
            try (Session session = device.load(model.with(program), options)) {
                Frame frame = session.frame();
                session.submit(frame);
                session.await(frame);
            }
            return new Ran(program, capabilities);
        }
    }
}
