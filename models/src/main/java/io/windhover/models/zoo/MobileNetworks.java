package io.windhover.models.zoo;

import java.util.ArrayList;
import java.util.List;

/** Networks made for small devices, in the order of their publication. */
final class MobileNetworks {
    private MobileNetworks() {}

    static List<ZooEntry> entries() {
        List<ZooEntry> entries = new ArrayList<>();
        entries.add(mobileNetV1(1.0, 224, "569 M", "4.2 M"));
        entries.add(mobileNetV1(1.0, 192, "418 M", "4.2 M"));
        entries.add(mobileNetV1(1.0, 160, "290 M", "4.2 M"));
        entries.add(mobileNetV1(1.0, 128, "186 M", "4.2 M"));
        entries.add(mobileNetV1(0.75, 224, "325 M", "2.6 M"));
        entries.add(mobileNetV1(0.5, 224, "149 M", "1.3 M"));
        entries.add(mobileNetV1(0.25, 224, "41 M", "0.5 M"));
        entries.add(mobileNetV1(0.25, 96, "", "0.5 M"));
        entries.add(mobileNetV2(1.0, 224, "300 M", "3.4-3.5 M").remark("the paper prints 3.4 M, TensorFlow's list of models 3.47 M"));
        entries.add(mobileNetV2(1.4, 224, "585 M", "6.1 M"));
        entries.add(mobileNetV2(0.35, 96, "12 M", "1.66 M"));
        return entries;
    }

    private static ZooEntry mobileNetV1(double width, int resolution, String macs, String parameters) {
        return ZooEntry.of("mobilenet_v1_" + width + "_" + resolution,
                () -> MobileNetV1.build(width, resolution), () -> MobileNetV1.build(0.25, 64)).normalized().published(macs, parameters);
    }

    private static ZooEntry mobileNetV2(double width, int resolution, String macs, String parameters) {
        return ZooEntry.of("mobilenet_v2_" + width + "_" + resolution,
                () -> MobileNetV2.build(width, resolution), () -> MobileNetV2.build(0.35, 64)).normalized().published(macs, parameters);
    }
}
