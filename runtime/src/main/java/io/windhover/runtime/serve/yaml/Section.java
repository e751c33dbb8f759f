// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** A mapping, read key by key; end with {@link #finish}. */
public final class Section {
    private final String file;
    private final String path;
    private final MappingNode node;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, ScalarNode> keys = new LinkedHashMap<>();
    private final Set<String> asked = new TreeSet<>();
    /** Of the keys themselves; the others are read nevertheless. */
    private final List<String> mistakes = new ArrayList<>();

    Section(String file, String path, MappingNode node, Substitution substitution) {
        this.file = file;
        this.path = path;
        this.node = node;
        for (NodeTuple entry : node.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                mistakes.add(Value.place(file, entry.getKeyNode()) + "a key is no text; give a name.");
                continue;
            }
            String inner = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            Value value = new Value(file, inner, entry.getValueNode(), substitution);
            if (values.putIfAbsent(key.getValue(), value) != null) {
                mistakes.add(Value.place(file, key) + inner + " is there twice; remove one.");
            }
            keys.putIfAbsent(key.getValue(), key);
        }
    }

    /** Where it stands, such as {@code node.yaml, line 4: models.pads}. */
    public String place() {
        return Value.place(file, node) + path;
    }

    /**
     * A mistake of the section as a whole.
     *
     * @param right what would be right, beginning with a verb
     */
    public YamlException problem(String clause, String right) {
        return new YamlException(Value.place(file, node) + (path.isEmpty() ? "the configuration" : path) + " " + clause
                + "; " + right + ".");
    }

    /** A mistake of the section as a whole, which another sentence says, and what to do. */
    public YamlException because(RuntimeException mistake) {
        return new YamlException(place() + ": " + mistake.getMessage());
    }

    /** All keys that are there. */
    public Set<String> keys() {
        return Collections.unmodifiableSet(keys.keySet());
    }

    public Optional<Value> optional(String key) {
        asked.add(key);
        return Optional.ofNullable(values.get(key));
    }

    public Value required(String key) {
        return optional(key).orElseThrow(() -> problem("has no '" + key + "'", "add it"));
    }

    /**
     * The sections that users named, each read by a function of its name and itself; the mistakes of each are
     * collected. This finishes it.
     */
    public <T> Map<String, T> named(BiFunction<String, Section, T> reader, Problems problems) {
        Map<String, T> read = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            asked.add(name);
            @Nullable T item = problems.collect(() -> reader.apply(name, value.section()));
            if (item != null) {
                read.put(name, item);
            }
        });
        problems.check(this::finish);
        return read;
    }

    /** Refuses keys that were not asked for, are there twice, or are no text. */
    public void finish() {
        List<String> all = new ArrayList<>(mistakes);
        keys.entrySet().stream()
                .filter(entry -> !asked.contains(entry.getKey()))
                .map(entry -> Value.place(file, entry.getValue()) + (path.isEmpty() ? "the top" : path)
                        + " has the unknown key '" + entry.getKey() + "'; " + known(entry.getKey()))
                .forEach(all::add);
        if (!all.isEmpty()) {
            throw new YamlException(all);
        }
    }

    private String known(String key) {
        return asked.stream()
                .filter(candidate -> isAlike(candidate, key))
                .findFirst()
                .map(candidate -> "did you mean '" + candidate + "'?")
                .orElse("it may have " + String.join(", ", asked) + ".");
    }

    /** One edit apart, or one begins like the other. */
    private static boolean isAlike(String known, String key) {
        int start = 0;
        while (start < Math.min(known.length(), key.length()) && known.charAt(start) == key.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < Math.min(known.length(), key.length()) - start
                && known.charAt(known.length() - 1 - end) == key.charAt(key.length() - 1 - end)) {
            end++;
        }
        int changed = Math.max(known.length(), key.length()) - start - end;
        return changed <= 2 && start + end >= 2;
    }
}
