// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.models.Reason;
import io.windhover.runtime.Device;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.ProgramListing;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.profile.CommandCycles;
import io.windhover.runtime.profile.DeviceNotes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a frame that differs again on a simulated accelerator, and writes a waveform of the cycles in which that works
 * for the layer that differs.
 *
 * @param locator of the device
 * @param options of the session in which the frame was run
 */
public record LayerWaveform(String locator, Model model, SessionOptions options, FrameInput input) {
    /** Longer windows end so many cycles after their first. */
    static final long MOST_CYCLES = 50_000;

    /** Shown before the layer's first cycle and behind its last. */
    private static final long BESIDE_CYCLES = 64;

    /** Options of the device that name files, which a second device would overwrite. */
    private static final List<String> FILES = List.of("wave", "jobs", "timeline");

    private record Repeat(
            @Nullable Difference difference, @Nullable CompiledModel program) {}

    /** Cycles from one to the one before the other, counted through all jobs. */
    private record Window(long from, long to) {
        static Window of(List<CommandCycles> commands, long end) {
            long first = commands.stream().mapToLong(CommandCycles::from).min().orElseThrow();
            long from = Math.max(0, first - BESIDE_CYCLES);
            long to = Math.min(end(commands) + BESIDE_CYCLES, end);
            return new Window(from, Math.min(to, from + MOST_CYCLES));
        }

        static long end(List<CommandCycles> commands) {
            return commands.stream().mapToLong(CommandCycles::to).max().orElseThrow();
        }
    }

    /**
     * Runs the frame twice: first to learn when the layer's commands run, then on the build that writes waveforms. Next
     * to the waveform lie a save file for GTKWave, the names of the commands, and commands for Surfer, called after it.
     *
     * @param found where it differs
     * @param wave the waveform's file, which ends in {@code .fst}
     * @return a sentence for people: which files were written, or why none were
     */
    public String write(Exactness found, Path wave) {
        Optional<String> file = FILES.stream().filter(this::names).findFirst();
        if (file.isPresent()) {
            return "No waveform is written of a device that writes the file of its option '" + file.get() + "'.";
        }
        try {
            return writeOrFail(Objects.requireNonNull(found.difference()), found.keepsAllTensors(), wave);
        } catch (DriverException refusal) {
            return "No waveform is written: " + refusal.getMessage() + ".";
        } catch (WindhoverException problem) {
            return "No waveform is written: " + problem.getMessage();
        } catch (IOException problem) {
            return "No waveform is written to '" + wave + "' (" + Reason.of(problem) + ").";
        }
    }

    private boolean names(String option) {
        String all = locator.substring(locator.indexOf('?') + 1);
        return Stream.of(all.split("&", -1)).anyMatch(each -> each.startsWith(option + "="));
    }

    private String writeOrFail(Difference difference, boolean keepsAllTensors, Path wave) throws IOException {
        DeviceNotes<Repeat> notes = DeviceNotes.of(locator, "timeline", noting -> repeat(noting, keepsAllTensors));
        CompiledModel program = notes.result().program();
        if (notes.result().difference() == null) {
            return "The second run gave the reference's bytes, so no waveform is written.";
        }
        List<CommandCycles> all = CommandCycles.of(notes.lines(), Objects.requireNonNull(program));
        Set<Integer> ofLayer = Set.copyOf(ProgramListing.commandsOf(program, difference.layerNumber()));
        List<CommandCycles> commands =
                all.stream().filter(one -> ofLayer.contains(one.command())).toList();
        if (commands.isEmpty()) {
            return "No waveform is written, as no command works for the layer.";
        }
        Window window = Window.of(commands, Window.end(all));
        if (!record(wave, window, keepsAllTensors)) {
            return missing();
        }
        WaveformCommands shown = WaveformCommands.of(program, all, ofLayer, window.from(), window.to());
        GtkwaveFiles files = GtkwaveFiles.beside(wave);
        files.write(shown);
        SurferFile.write(SurferFile.beside(wave), shown);
        return String.format(
                Locale.ROOT,
                "Waveform of cycles %d to %d: %s; 'gtkwave %s' shows it with the commands' names.",
                window.from(),
                window.to() - 1,
                wave,
                files.save());
    }

    private Repeat repeat(String noting, boolean keepsAllTensors) {
        SessionOptions same = options.withAllTensors(keepsAllTensors);
        try (Device device = Device.open(noting)) {
            return new Repeat(
                    Exactness.ofOne(device, model, same, input),
                    device.program(model, same).orElse(null));
        }
    }

    /** False where there is no build that writes waveforms. */
    private boolean record(Path wave, Window window, boolean keepsAllTensors) throws IOException {
        Files.createDirectories(Objects.requireNonNull(wave.toAbsolutePath().getParent()));
        String tracing =
                DeviceNotes.with(locator, "wave=" + wave + "&wave_from=" + window.from() + "&wave_to=" + window.to());
        try {
            Repeat unused = repeat(tracing, keepsAllTensors);
            return true;
        } catch (DriverException refusal) {
            if (refusal.status() == Status.NOT_FOUND) {
                return false;
            }
            throw refusal;
        }
    }

    private String missing() {
        String named = locator.replaceFirst("\\?.*", "").substring(DeviceNotes.SCHEME.length());
        String configuration = named.isEmpty() ? "zynq7020" : named;
        return "No waveform is written without the tracing library: add windhover-natives with the classifier linux-x86_64-"
                + configuration
                + "-trace ('./windhover package --maven --all' makes it), or run 'make -C simulator trace "
                + "CONFIG=" + configuration + "' in a checkout of Windhover.";
    }
}
