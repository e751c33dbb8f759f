// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.JsonObject;
import io.windhover.runtime.Device;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.FrameStream;
import io.windhover.runtime.profile.HostShare;
import io.windhover.runtime.profile.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "profile",
        description =
                "Runs frames and shows where the accelerator's cycles go, layer by layer, beside each layer's floor.",
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
            "--stream: cycles a frame in steady state, on average from the end of the first frame to the end of the last, with the",
            "next frame always submitted. In it: all that the accelerator's clock counts between two interrupts, the driver's register",
            "accesses included, and a memory whose time runs on. The registers belong to the running job, so the driver rings the next",
            "doorbell after the interrupt. Not in it: the first frame, and what the host computes, for which a simulated clock stands",
            "still.",
            "",
            "Examples:",
            "  ./windhover profile zoo:mobilenet_v1_0.25_96",
            "  ./windhover profile model.tflite --device rtl:tiny --frames 2 --json",
            "  ./windhover profile model.tflite --html profile.html",
            "  ./windhover profile zoo:cnv_w1a1 --frames 5 --stream"
        })
final class ProfileCommand extends Verb {
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

    @Mixin
    private StrictOption strict;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private ShapeOptions shapes;

    @Override
    void execute() {
        checkUsage();
        if (html != null) {
            List<Path> others = new ArrayList<>(device.outputs());
            others.add(Path.of(model));
            OutputFiles.checkTarget(html, others);
        }
        Model loaded = load(model, limits.limits(), shapes.shapes());
        strict.check(loaded, device.locator(), err());
        SessionOptions options = new SessionOptions(false, device.timeout(), limits.limits());
        Profile profile;
        try (Device opened = Device.open(device.locator());
                Progress progress = new Progress("frames", frames)) {
            profile = opened.profile(loaded, frames, options, progress::step);
        }
        FrameStream streamed = stream ? stream(loaded, profile, options) : null;
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
            print(profile);
            if (streamed != null) {
                print(streamed);
            }
        }
    }

    private void checkUsage() {
        if (stream && frames < 2) {
            throw new ParameterException(
                    spec.commandLine(), "--stream leaves the first frame out: give --frames 2 or more");
        }
        if (stream && !device.locator().startsWith(StreamMeasurement.SCHEME)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "device '" + device.locator() + "' counts no cycles for --stream; choose an rtl: device");
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

    private void print(FrameStream streamed) {
        out().printf(
                        Locale.ROOT,
                        "steady state, averaged over %d after the first: %,.1f cycles a frame from interrupt to interrupt (modelled %.2f ms, %,.1f frames a second), "
                                + "%,.1f of them idle while the driver writes registers; the host's own time is not in it%n",
                        streamed.frames(),
                        streamed.cyclesPerFrame(),
                        streamed.milliseconds(),
                        streamed.framesPerSecond(),
                        streamed.idleCyclesPerFrame());
    }

    private void print(Profile profile) {
        out().printf(
                        "%-22s %14s %12s %12s %12s %6s %12s %12s %10s  %s%n",
                        "operator",
                        "macs",
                        "cycles",
                        "floor",
                        "share",
                        "util",
                        "read",
                        "written",
                        "stalled",
                        "runs as");
        for (Profile.Layer layer : profile.layers()) {
            out().printf(
                            Locale.ROOT,
                            "%-22s %,14d %,12d %,12d %,12d %5.1f%% %,12d %,12d %,10d  %s%n",
                            layer.operator(),
                            layer.macs(),
                            layer.cycles(),
                            layer.floorCycles(),
                            layer.shareCycles(),
                            layer.utilisation() * 100,
                            layer.readBytes(),
                            layer.writtenBytes(),
                            layer.stallCycles(),
                            layer.runsOn());
        }
        for (HostShare part : profile.host()) {
            out().printf(
                            Locale.ROOT,
                            "on the host, part %d: %.3f ms on this processor%s: %s%n",
                            part.part(),
                            part.milliseconds(),
                            profile.totalCycles() == 0
                                    ? ""
                                    : String.format(Locale.ROOT, ", %.1f %% of the frame", part.share() * 100),
                            HostReport.words(part.operators()));
        }
        if (profile.totalCycles() == 0) {
            out().printf(
                            Locale.ROOT,
                            "%s on %s (%s): cycles not counted, floor %,d, %,d macs%n",
                            profile.model(),
                            profile.device(),
                            profile.config(),
                            profile.floorCycles(),
                            profile.macs());
            return;
        }
        out().printf(
                        Locale.ROOT,
                        "%s on %s (%s): %,d cycles (modelled %.2f ms at %.0f MHz), floor %,d, %,d macs, %.1f %% of the array, %,d bytes read, %,d written%n",
                        profile.model(),
                        profile.device(),
                        profile.config(),
                        profile.totalCycles(),
                        profile.milliseconds(),
                        profile.clockHz() / 1e6,
                        profile.floorCycles(),
                        profile.macs(),
                        profile.utilisation() * 100,
                        profile.readBytes(),
                        profile.writtenBytes());
    }
}
