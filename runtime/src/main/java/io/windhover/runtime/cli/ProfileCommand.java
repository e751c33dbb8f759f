// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.JsonObject;
import io.windhover.runtime.Device;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Estimate;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.DeviceNotes;
import io.windhover.runtime.profile.FrameStream;
import io.windhover.runtime.profile.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "profile",
        description =
                "Runs frames, or estimates one, and shows where the accelerator's cycles go, layer by layer, beside each layer's floor.",
        footer = {
            "",
            "cycles: in which at least one of the layer's commands ran. Layers overlap: these add up to more than the frame.",
            "floor: the least that these commands take, in the busiest of read ports, arrays, vector engine and write port.",
            "share: the layer's part of the frame; these add up to it. A cycle belongs to the layers that compute in it, else to",
            "those that load or store. stalled: of the share, what no layer computes in.",
            "macs: multiply-accumulates. util: those of what the layer's array could do in its cycles. read, written: bytes of memory.",
            "on the host: what each part took on the processor that ran this, and its share of that and the accelerator's modelled time.",
            "A frame of more commands than the device traces (256, zu3eg: 1,024) is run again for the rest.",
            "",
            "On functional:CONFIG nothing is run, which would count no cycles: the figures are what the compiler estimates for that",
            "configuration. For zynq7020 the cycles of a frame are within " + Estimate.WITHIN_PERCENT
                    + " %% of the simulated accelerator's, for each network of the zoo",
            "that was compared; of single layers no error is known. What the host takes is not estimated.",
            "",
            "--stream: cycles a frame in steady state, on average from the end of the first frame to the end of the last, with the",
            "next frame always submitted. In it: all that the accelerator's clock counts between two interrupts, the driver's register",
            "accesses included, and a memory whose time runs on. The registers belong to the running job, so the driver rings the next",
            "doorbell after the interrupt. Not in it: the first frame, and what the host computes, for which a simulated clock stands",
            "still.",
            "",
            "--trace: a track for each command queue (load 0 and 1, int8, xnor, vector, store), for the fetching of commands and for",
            "each memory port, with the commands by their layers, and their stalls and waits by cause; times are those of the",
            "configuration's clock, cycles stand beside them. runtime/doc/profile.md says what the causes mean.",
            "",
            "Examples:",
            "  ./windhover profile zoo:mobilenet_v1_0.25_96",
            "  ./windhover profile model.tflite --device functional:     # at once: an estimate",
            "  ./windhover profile model.tflite --device rtl:tiny --frames 2 --json",
            "  ./windhover profile model.tflite --html profile.html",
            "  ./windhover profile zoo:cnv_w1a1 --trace cnv.json",
            "  ./windhover profile zoo:cnv_w1a1 --frames 5 --stream"
        })
final class ProfileCommand extends Verb {
    private static final String ESTIMATED_SCHEME = "functional:";

    @Parameters(paramLabel = "MODEL", description = MODEL_FORMS)
    private String model;

    @Mixin
    private DeviceOption device;

    @Option(
            names = "--frames",
            converter = AtLeast.One.class,
            paramLabel = "N",
            defaultValue = "1",
            description = "Frames to run; figures are the last one's (default ${DEFAULT-VALUE}).")
    private int frames;

    @Option(
            names = "--stream",
            description =
                    "Also measure --frames N frames, 2 or more, one after another: cycles a frame but for the first."
                            + " On rtl: devices only.")
    private boolean stream;

    @Option(names = "--json", description = "Print JSON; with --stream, it has the object \"stream\".")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with a picture of the layers.")
    private @Nullable Path html;

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description =
                    "Also run a frame for a trace that https://ui.perfetto.dev and Chrome show: what each command queue and memory port"
                            + " does, and what it waits for. On rtl: devices only.")
    private @Nullable Path trace;

    @Mixin
    private StrictOption strict;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    @Override
    void execute() {
        checkUsage();
        checkTargets();
        Model loaded = load(model, limits.limits(), shapes.shapes());
        strict.check(loaded, device.locator(), err());
        SessionOptions options = new SessionOptions(false, device.timeout(), limits.limits());
        Profile profile = profile(loaded, options);
        FrameStream streamed = stream ? stream(loaded, profile, options) : null;
        byte[] traced = trace == null ? new byte[0] : TraceMeasurement.measure(device.locator(), loaded, options);
        if (trace != null) {
            OutputFiles.write(trace, traced);
        }
        if (html != null) {
            OutputFiles.write(html, ProfilePage.write(profile).getBytes(StandardCharsets.UTF_8));
        }
        if (profile.floorCycles() == 0) {
            Progress.say(err(), "no part of model '" + loaded.name() + "' runs on the accelerator");
        } else if (profile.totalCycles() == 0) {
            Progress.say(
                    err(), "device '" + device.locator() + "' counts no cycles; profile on an rtl: device for them");
        }
        if (json) {
            JsonObject object = JSON.toJsonTree(profile).getAsJsonObject();
            if (streamed != null) {
                object.add("stream", JSON.toJsonTree(streamed));
            }
            printJson(object);
        } else {
            ProfileText.print(profile, out());
            if (streamed != null) {
                ProfileText.print(streamed, out());
            }
        }
    }

    private void checkTargets() {
        List<Path> others = new ArrayList<>(device.outputs());
        others.add(Path.of(model));
        for (Path target : new Path[] {html, trace}) {
            if (target != null) {
                OutputFiles.checkTarget(target, others);
            }
        }
        if (html != null
                && trace != null
                && html.toAbsolutePath()
                        .normalize()
                        .equals(trace.toAbsolutePath().normalize())) {
            throw new ParameterException(
                    spec.commandLine(), "'" + html + "' would be written twice; give --html and --trace a file each");
        }
    }

    /** Nothing is run on a device that would count no cycles. */
    private Profile profile(Model loaded, SessionOptions options) {
        try (Device opened = Device.open(device.locator())) {
            if (isEstimated()) {
                return opened.estimate(loaded);
            }
            try (Progress progress = new Progress("frames", frames)) {
                return opened.profile(loaded, frames, options, progress::step);
            }
        }
    }

    private boolean isEstimated() {
        return device.locator().startsWith(ESTIMATED_SCHEME);
    }

    private void checkUsage() {
        if (isEstimated() && !stream && frames > 1) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--frames has no meaning on '" + device.locator()
                            + "', where nothing is run: leave it out, or choose an rtl: device");
        }
        if (stream && frames < 2) {
            throw new ParameterException(
                    spec.commandLine(), "--stream leaves the first frame out: give --frames 2 or more");
        }
        if (stream && !device.locator().startsWith(DeviceNotes.SCHEME)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "device '" + device.locator() + "' counts no cycles for --stream; choose an rtl: device");
        }
        if (trace != null && !device.locator().startsWith(DeviceNotes.SCHEME)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "device '" + device.locator() + "' has no cycles for --trace; choose an rtl: device");
        }
        if (trace != null && device.options().anyMatch(option -> option.startsWith("timeline="))) {
            throw new ParameterException(
                    spec.commandLine(), "--trace has the timeline written itself; leave out the device's 'timeline'");
        }
        if (stream && device.options().anyMatch(option -> option.startsWith("jobs="))) {
            throw new ParameterException(
                    spec.commandLine(), "--stream has the times of jobs written itself; leave out the device's 'jobs'");
        }
    }

    private FrameStream stream(Model loaded, Profile profile, SessionOptions options) {
        if (Placement.of(loaded.graph()).jobs().size() > 1) {
            throw new WindhoverException("Frames of model '" + loaded.name()
                    + "' are several jobs with the host between them, so the accelerator has no steady state of its own;"
                    + " leave out --stream.");
        }
        if (profile.totalCycles() == 0) {
            throw new WindhoverException("There are no cycles a frame in steady state: no part of model '"
                    + loaded.name() + "' runs on the accelerator.");
        }
        try (Progress progress = new Progress("stream", frames)) {
            return StreamMeasurement.measure(device.locator(), loaded, frames, options, progress::step);
        }
    }
}
