// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Device;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.Profile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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
            "A frame of more commands than the device traces (256, zu3eg: 1,024) is run again for the rest.",
            "",
            "Examples:",
            "  ./windhover profile zoo:mobilenet_v1_0.25_96",
            "  ./windhover profile model.tflite --device rtl:tiny --frames 2 --json",
            "  ./windhover profile model.tflite --html profile.html"
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

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(names = "--html", paramLabel = "FILE", description = "Also write a page with a picture of the layers.")
    private @Nullable Path html;

    @Mixin
    private LimitOptions limits;

    @Override
    void execute() {
        if (html != null) {
            OutputFiles.checkTarget(html, List.of(Path.of(model)));
        }
        Model loaded = load(model, limits.limits());
        Profile profile;
        try (Device opened = Device.open(device.locator());
                Progress progress = new Progress("frames", frames)) {
            profile = opened.profile(
                    loaded, frames, new SessionOptions(false, device.timeout(), limits.limits()), progress::step);
        }
        if (html != null) {
            OutputFiles.write(html, ProfilePage.write(profile).getBytes(StandardCharsets.UTF_8));
        }
        if (profile.totalCycles() == 0) {
            Progress.say(
                    err(), "device '" + device.locator() + "' counts no cycles; profile on an rtl: device for them");
        }
        if (json) {
            printJson(profile);
        } else {
            print(profile);
        }
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
