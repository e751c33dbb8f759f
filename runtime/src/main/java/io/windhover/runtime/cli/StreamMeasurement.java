// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.Reason;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.FrameStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Runs frames of zeros through a session that always has the next one submitted, and measures when each is done. */
final class StreamMeasurement {
    static final String SCHEME = "rtl:";

    private StreamMeasurement() {}

    /** @param step called after each frame */
    static FrameStream measure(String locator, Model model, int frames, SessionOptions options, Runnable step) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        if (folder.toString().contains("&")) {
            throw new WindhoverException("The times of frames cannot be kept in '" + folder
                    + "', whose name has a '&'; set another with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=FOLDER.");
        }
        try {
            Path times = Files.createTempFile(folder, "windhover-jobs", ".txt");
            times.toFile().deleteOnExit();
            try {
                int clockHz = run(timed(locator, times), model, frames, options, step);
                return FrameStream.of(Files.readAllLines(times), frames, clockHz);
            } finally {
                Files.deleteIfExists(times);
            }
        } catch (IOException failure) {
            throw new WindhoverException(
                    "The times of frames cannot be kept in '" + folder + "' (" + Reason.of(failure)
                            + "); make room there.",
                    failure);
        }
    }

    private static String timed(String locator, Path times) {
        String end = locator.contains("?") ? locator.endsWith("?") ? "" : "&" : "?";
        return locator + end + "jobs=" + times;
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
