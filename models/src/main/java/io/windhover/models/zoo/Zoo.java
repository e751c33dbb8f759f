package io.windhover.models.zoo;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The networks that come with Windhover. */
public final class Zoo {
    private static final Map<String, Supplier<Graph>> NETWORKS = networks();

    private Zoo() {}

    private static Map<String, Supplier<Graph>> networks() {
        Map<String, Supplier<Graph>> networks = new LinkedHashMap<>();
        networks.put("lenet_300_100", LeNet::fullyConnected);
        networks.put("lenet5", LeNet::convolutional);
        for (int resolution : new int[] {224, 192, 160, 128}) {
            networks.put("mobilenet_v1_1.0_" + resolution, () -> MobileNetV1.build(1.0, resolution));
        }
        for (double width : new double[] {0.75, 0.5, 0.25}) {
            networks.put("mobilenet_v1_" + width + "_224", () -> MobileNetV1.build(width, 224));
        }
        networks.put("mobilenet_v1_0.25_96", () -> MobileNetV1.build(0.25, 96));
        networks.put("mobilenet_v2_1.0_224", () -> MobileNetV2.build(1.0, 224));
        networks.put("mobilenet_v2_1.4_224", () -> MobileNetV2.build(1.4, 224));
        networks.put("mobilenet_v2_0.35_96", () -> MobileNetV2.build(0.35, 96));
        networks.put("cnv_w1a1", Cnv::build);
        for (String trained : new String[] {"landing_pad_int8", "marker_xnor"}) {
            networks.put(trained, () -> TrainedNetwork.load(trained));
        }
        return networks;
    }

    /** Every name, in the order they are listed to people. */
    public static List<String> names() {
        return List.copyOf(NETWORKS.keySet());
    }

    /** The network of this name, built afresh; the same bytes on every call and machine. */
    public static Graph load(String name) {
        Supplier<Graph> network = NETWORKS.get(name);
        if (network == null) {
            throw new ModelException("The zoo has no network '" + name + "'; it has " + String.join(", ", names()) + ".");
        }
        return network.get();
    }
}
