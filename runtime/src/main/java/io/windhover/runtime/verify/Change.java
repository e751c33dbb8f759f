// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.verify;

import io.windhover.runtime.profile.Profile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is different between two versions of a model on one device.
 *
 * @param layers those of both, in the order of the newer one; what it no longer has comes last
 * @param outputs by position
 */
public record Change(Verification before, Verification now, List<Layer> layers, List<OutputChange> outputs) {
    public Change {
        layers = List.copyOf(layers);
        outputs = List.copyOf(outputs);
    }

    /** A layer in one version or both; layers are the same where kind and name are. */
    public record Layer(String operator, String name, Profile.@Nullable Layer before, Profile.@Nullable Layer now) {
        /** Its kind and name, and whether only one version has it. */
        public String words() {
            return operator + " '" + name + "'" + (before == null ? ", new" : "") + (now == null ? ", gone" : "");
        }

        /** Its share of the frame's cycles, now less before. */
        public long cycles() {
            return (now == null ? 0 : now.shareCycles()) - (before == null ? 0 : before.shareCycles());
        }

        /** Bytes that it reads and writes, now less before. */
        public long bytes() {
            return bytes(now) - bytes(before);
        }

        /** Those of one version; 0 where it lacks the layer. */
        public static long bytes(Profile.@Nullable Layer layer) {
            return layer == null ? 0 : layer.readBytes() + layer.writtenBytes();
        }
    }

    static List<Layer> layers(Profile before, Profile now) {
        Map<String, Profile.Layer> left = new HashMap<>();
        Map<String, Integer> count = new HashMap<>();
        List<String> order = new ArrayList<>();
        for (Profile.Layer layer : before.layers()) {
            String key = key(layer, count);
            left.put(key, layer);
            order.add(key);
        }
        count.clear();
        List<Layer> layers = new ArrayList<>();
        for (Profile.Layer layer : now.layers()) {
            layers.add(new Layer(layer.operator(), layer.name(), left.remove(key(layer, count)), layer));
        }
        for (String key : order) {
            Profile.Layer gone = left.get(key);
            if (gone != null) {
                layers.add(new Layer(gone.operator(), gone.name(), gone, null));
            }
        }
        return layers;
    }

    /** Of several with one name, the first is the first one of the other version, and so on. */
    private static String key(Profile.Layer layer, Map<String, Integer> count) {
        String named = layer.operator() + " " + layer.name();
        return named + " " + count.merge(named, 1, Integer::sum);
    }
}
