// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The networks that come with Windhover. */
public final class Zoo {
    /** Ends the name of a network's small version. */
    private static final String REDUCED = "@reduced";

    /** A common beginning of so few letters says nothing about the name that was meant. */
    private static final int SHORTEST_BEGINNING = 2;

    private static final int LONGEST_NAME = 64;
    private static final int MOST_EDITS = 2;
    private static final int MOST_NAMES = 5;

    private static final Map<String, ZooEntry> NETWORKS = networks();

    private Zoo() {}

    private static Map<String, ZooEntry> networks() {
        Map<String, ZooEntry> networks = new LinkedHashMap<>();
        Stream.of(
                        ClassicNetworks.entries(),
                        MobileNetworks.entries(),
                        BinaryNetworks.entries(),
                        Demonstrators.entries(),
                        trained())
                .flatMap(List::stream)
                .forEach(entry -> networks.put(entry.name(), entry));
        return networks;
    }

    private static List<ZooEntry> trained() {
        return Stream.of("landing_pad_int8", "marker_xnor", "finder_fomo")
                .map(name -> ZooEntry.of(name, () -> TrainedNetwork.load(name), () -> TrainedNetwork.load(name)))
                .toList();
    }

    /** Every name, in the order in which users see them. */
    public static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    /** Every network with what is published of it, in the order of {@link #names}. */
    public static List<ZooEntry> entries() {
        return List.copyOf(NETWORKS.values());
    }

    /**
     * The network of this name, built afresh; the same bytes on every call and machine. NAME@reduced is its small
     * version.
     */
    public static Graph load(String name) {
        return name.endsWith(REDUCED)
                ? entry(name.substring(0, name.length() - REDUCED.length()))
                        .reduced()
                        .get()
                : entry(name).network().get();
    }

    /** A small version of the network: less width, resolution or both, the same layers. */
    public static Graph reduced(String name) {
        return entry(name).reduced().get();
    }

    /** The names that were probably meant, and where all of them are. */
    private static String nearest(String name) {
        String plain = name.substring(0, Math.min(name.length(), LONGEST_NAME))
                .toLowerCase(Locale.ROOT)
                .replace('-', '_');
        List<String> alike = sameBeginning(plain);
        if (alike.isEmpty()) {
            alike = names().stream()
                    .filter(known -> edits(known, plain) <= MOST_EDITS)
                    .toList();
        }
        String question = alike.isEmpty()
                ? ""
                : "did you mean " + alike.stream().limit(MOST_NAMES).collect(Collectors.joining(" or ")) + "? ";
        return question + "'./windhover models' lists all.";
    }

    /** The names that share the longest beginning with this one. */
    private static List<String> sameBeginning(String name) {
        for (int length = name.length(); length > SHORTEST_BEGINNING; length--) {
            String beginning = name.substring(0, length);
            List<String> alike = names().stream()
                    .filter(known -> known.startsWith(beginning))
                    .toList();
            if (!alike.isEmpty()) {
                return alike;
            }
        }
        return List.of();
    }

    /** How many letters have to be put in, left out or replaced to make one name of the other. */
    private static int edits(String one, String other) {
        int[] above = IntStream.rangeClosed(0, other.length()).toArray();
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[above.length];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = above[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[other.length()];
    }

    /** The network of this name, not built yet. */
    public static ZooEntry entry(String name) {
        ZooEntry entry = NETWORKS.get(name);
        if (entry == null) {
            throw new ModelException("The zoo has no network '" + name + "'; " + nearest(name));
        }
        return entry;
    }
}
