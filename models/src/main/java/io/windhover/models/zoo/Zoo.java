package io.windhover.models.zoo;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The networks that come with Windhover. */
public final class Zoo {
    /** Ends the name of a network's small version. */
    private static final String REDUCED = "@reduced";

    private static final Map<String, ZooEntry> NETWORKS = networks();

    private Zoo() {}

    private static Map<String, ZooEntry> networks() {
        Map<String, ZooEntry> networks = new LinkedHashMap<>();
        Stream.of(ClassicNetworks.entries(), MobileNetworks.entries(), BinaryNetworks.entries(), Demonstrators.entries(), trained())
                .flatMap(List::stream)
                .forEach(entry -> networks.put(entry.name(), entry));
        return networks;
    }

    private static List<ZooEntry> trained() {
        return Stream.of("landing_pad_int8", "marker_xnor")
                .map(name -> ZooEntry.of(name, () -> TrainedNetwork.load(name), () -> TrainedNetwork.load(name)))
                .toList();
    }

    /** Every name, in the order they are listed to people. */
    public static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    /** Every network with what is published of it, in the order of {@link #names}. */
    public static List<ZooEntry> entries() {
        return List.copyOf(NETWORKS.values());
    }

    /** The network of this name, built afresh; the same bytes on every call and machine. NAME@reduced is its small version. */
    public static Graph load(String name) {
        return name.endsWith(REDUCED)
                ? entry(name.substring(0, name.length() - REDUCED.length())).reduced().get()
                : entry(name).network().get();
    }

    /** A small version of the network: less width, resolution or both, the same layers. */
    public static Graph reduced(String name) {
        return entry(name).reduced().get();
    }

    /** The network of this name, not built yet. */
    public static ZooEntry entry(String name) {
        ZooEntry entry = NETWORKS.get(name);
        if (entry == null) {
            throw new ModelException("The zoo has no network '" + name + "'; it has " + String.join(", ", names()) + ".");
        }
        return entry;
    }
}
