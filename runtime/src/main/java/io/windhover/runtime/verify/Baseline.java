// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.windhover.models.FileContents;
import io.windhover.models.FileReplacement;
import io.windhover.models.ModelException;
import io.windhover.models.Reason;
import io.windhover.runtime.exception.InputException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.json.StrictJson;
import io.windhover.runtime.profile.Profile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What models did before, in a file to commit: for each model on each device the cycles of a frame, those of each layer
 * and, where it was measured, the accuracy. One line each, so that a reviewer reads a change as a diff.
 */
public final class Baseline {
    private static final Gson JSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final long LARGEST_BYTES = 16 << 20;
    private static final int SLOWER_SHOWN = 3;

    private final Path file;
    private final Map<String, Entry> entries;

    /**
     * One model on one device.
     *
     * @param top1 fraction of images whose best class is their own; null where it was not measured
     * @param layers each layer's share of the cycles, by its position, kind and name
     */
    private record Entry(long cycles, @Nullable Double top1, Map<String, Long> layers) {}

    private record Slower(String layer, long cycles) {}

    private Baseline(Path file, Map<String, Entry> entries) {
        this.file = file;
        this.entries = new TreeMap<>(entries);
    }

    /** Reads a file; one that is not there knows no model. */
    public static Baseline read(Path file) {
        String what = "Baseline '" + file + "'";
        try {
            if (Files.notExists(file)) {
                return new Baseline(file, Map.of());
            }
            Map<String, Entry> entries = new TreeMap<>();
            StrictJson.object(FileContents.read(file, LARGEST_BYTES), what)
                    .asMap()
                    .forEach((key, entry) -> entries.put(key, entry(what, key, entry)));
            return new Baseline(file, entries);
        } catch (IOException problem) {
            throw new WindhoverException(what + " cannot be read (" + Reason.of(problem) + ").", problem);
        } catch (ModelException | InputException problem) {
            throw new WindhoverException(
                    problem.getMessage() + " Mend it, or delete it and have it written anew.", problem);
        }
    }

    private static Entry entry(String what, String key, JsonElement element) {
        JsonObject object = element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
        JsonElement layers = object.get("layers");
        JsonElement top1 = object.get("top1");
        long cycles = whole(object.get("cycles"));
        boolean isRight = cycles >= 0
                && layers instanceof JsonObject
                && (top1 == null || (top1 instanceof JsonPrimitive number && number.isNumber()));
        Map<String, Long> shares = new LinkedHashMap<>();
        if (layers instanceof JsonObject named) {
            named.asMap().forEach((layer, share) -> shares.put(layer, whole(share)));
        }
        if (!isRight || shares.containsValue(-1L)) {
            throw new InputException(what + " has no whole numbers as 'cycles' and for each of 'layers' of '" + key
                    + "', or no number as its 'top1'.");
        }
        return new Entry(cycles, top1 == null ? null : top1.getAsDouble(), shares);
    }

    /** The number, or -1 for what is none. */
    private static long whole(@Nullable JsonElement element) {
        return element instanceof JsonPrimitive number
                        && number.isNumber()
                        && number.getAsString().matches("[0-9]{1,18}")
                ? number.getAsLong()
                : -1;
    }

    /** What has become worse since, or that nothing has. */
    public List<Check> check(Verification found) {
        Entry before = entries.get(key(found));
        if (before == null) {
            return List.of(new Check(
                    "keeps its baseline",
                    false,
                    "Baseline '" + file + "' "
                            + (entries.isEmpty() ? "is missing or empty" : "knows nothing of " + key(found))
                            + "; --update writes what is found into it."));
        }
        List<Check> checks = new ArrayList<>();
        checks.add(cycles(before, found.profile()));
        if (before.top1() != null) {
            checks.add(accuracy(before.top1(), found.accuracy()));
        }
        return checks;
    }

    private static Check cycles(Entry before, Profile now) {
        long more = now.totalCycles() - before.cycles();
        String than = more == 0
                ? "as in the baseline"
                : String.format(
                        Locale.ROOT,
                        "%,d %s than in the baseline (%+.1f %%)",
                        Math.abs(more),
                        more > 0 ? "more" : "fewer",
                        100.0 * more / Math.max(1, before.cycles()));
        return new Check(
                "is no slower than its baseline",
                more <= 0,
                String.format(Locale.ROOT, "A frame takes %,d cycles, ", now.totalCycles())
                        + than
                        + (more > 0 ? slower(before, now) : "")
                        + ".");
    }

    private static String slower(Entry before, Profile now) {
        List<Slower> slower = new ArrayList<>();
        layers(now).forEach((layer, share) -> {
            long more = share - before.layers().getOrDefault(layer, 0L);
            if (more > 0) {
                slower.add(new Slower(layer, more));
            }
        });
        String meant = "; if that is meant, update the baseline";
        if (slower.isEmpty()) {
            return meant;
        }
        return slower.stream()
                .sorted(Comparator.comparingLong(Slower::cycles).reversed())
                .limit(SLOWER_SHOWN)
                .map(one -> String.format(Locale.ROOT, "layer %s (+%,d)", one.layer(), one.cycles()))
                .collect(Collectors.joining(", ", ", most of them in ", meant));
    }

    private static Check accuracy(double before, Verification.@Nullable Accuracy now) {
        String name = "is no less accurate than its baseline";
        if (now == null) {
            return new Check(name, false, "The baseline has an accuracy, and none was measured; give the same images.");
        }
        boolean isWorse = now.top1() < before;
        return new Check(
                name,
                !isWorse,
                String.format(
                        Locale.ROOT,
                        "%.2f %% of %,d images are classified right, and %.2f %% in the baseline%s.",
                        now.top1() * 100,
                        now.images(),
                        before * 100,
                        isWorse ? "; if that is meant, update the baseline" : ""));
    }

    /**
     * What has changed since in the cycles of one layer.
     *
     * @param layer its position, kind and name
     * @param before its share of the frame; null where the baseline lacks it
     * @param now null where the model lacks it
     */
    public record LayerChange(
            String layer, @Nullable Long before, @Nullable Long now) {
        public long cycles() {
            return (now == null ? 0 : now) - (before == null ? 0 : before);
        }
    }

    /** What has changed since, layers that take what they took left out. */
    public record Comparison(long cyclesBefore, long cyclesNow, List<LayerChange> layers) {
        public Comparison {
            layers = List.copyOf(layers);
        }
    }

    /** Empty for a model that the file knows nothing of. */
    public Optional<Comparison> compare(Verification found) {
        Entry before = entries.get(key(found));
        if (before == null) {
            return Optional.empty();
        }
        Map<String, Long> now = layers(found.profile());
        Set<String> all = new LinkedHashSet<>(now.keySet());
        all.addAll(before.layers().keySet());
        List<LayerChange> changes = all.stream()
                .map(layer -> new LayerChange(layer, before.layers().get(layer), now.get(layer)))
                .filter(change -> !Objects.equals(change.before(), change.now()))
                .toList();
        return Optional.of(new Comparison(before.cycles(), found.profile().totalCycles(), changes));
    }

    /**
     * Writes what was found into a file, in the place of what it said of these models on these devices. Processes that
     * do so at once wait for each other.
     */
    public static synchronized void update(Path file, List<Verification> found) {
        try {
            boolean written = false;
            while (!written) {
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                        .close();
                Object before = key(file);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                        FileLock lock = channel.lock()) {
                    // Another process may have replaced the file that was waited for.
                    if (lock.isValid() && before.equals(key(file))) {
                        replace(file, found);
                        written = true;
                    }
                }
            }
        } catch (IOException problem) {
            throw new WindhoverException(
                    "Baseline '" + file + "' cannot be written (" + Reason.of(problem) + ").", problem);
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    private static void replace(Path file, List<Verification> found) throws IOException {
        Baseline after = Files.size(file) == 0 ? new Baseline(file, Map.of()) : read(file);
        for (Verification one : found) {
            after = after.with(one);
        }
        try (FileReplacement replacement = FileReplacement.of(file)) {
            ByteBuffer contents = ByteBuffer.wrap((JSON.toJson(after.entries) + "\n").getBytes(StandardCharsets.UTF_8));
            while (contents.hasRemaining()) {
                replacement.channel().write(contents);
            }
            replacement.commit();
        }
    }

    private Baseline with(Verification found) {
        Map<String, Entry> all = new TreeMap<>(entries);
        Verification.Accuracy accuracy = found.accuracy();
        all.put(
                key(found),
                new Entry(
                        found.profile().totalCycles(),
                        accuracy == null ? null : accuracy.top1(),
                        layers(found.profile())));
        return new Baseline(file, all);
    }

    /** A checkout may lie anywhere. */
    private static String key(Verification found) {
        String source = found.source();
        return source.substring(source.lastIndexOf('/') + 1) + " on " + found.device();
    }

    private static Map<String, Long> layers(Profile profile) {
        Map<String, Long> layers = new LinkedHashMap<>();
        for (int position = 0; position < profile.layers().size(); position++) {
            Profile.Layer layer = profile.layers().get(position);
            layers.put(position + " " + layer.operator() + " '" + layer.name() + "'", layer.shareCycles());
        }
        return layers;
    }
}
