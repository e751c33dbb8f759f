// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.DeviceNotes;
import io.windhover.runtime.profile.FrameStream;
import java.util.ArrayDeque;
import java.util.Deque;

/** Runs frames of zeros through a session that always has the next one submitted, and measures when each is done. */
final class StreamMeasurement {
    private StreamMeasurement() {}

    /** @param step called after each frame */
    static FrameStream measure(String locator, Model model, int frames, SessionOptions options, Runnable step) {
        DeviceNotes<Integer> notes = DeviceNotes.of(locator, "jobs", timed -> run(timed, model, frames, options, step));
        return FrameStream.of(notes.lines(), frames, notes.result());
    }

    /** Returns the accelerator's clock. */
    private static int run(String locator, Model model, int frames, SessionOptions options, Runnable step) {
        try (Device device = Device.open(locator);
                Session session = device.load(model, options)) {
            Deque<Frame> inFlight = new ArrayDeque<>();
            for (int frame = 0; frame < frames; frame++) {
                if (inFlight.size() == Session.FRAMES) {
                    session.await(inFlight.remove());
                    step.run();
                }
                Frame next = session.frame();
                session.submit(next);
                inFlight.add(next);
            }
            while (!inFlight.isEmpty()) {
                session.await(inFlight.remove());
                step.run();
            }
            return device.capabilities().orElseThrow().clockHz();
        }
    }
}
