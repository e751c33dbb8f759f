// SPDX-License-Identifier: Apache-2.0
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
        entries.add(mobileNetV2(1.0, 224, "300 M", "3.4-3.5 M")
                .remark("the paper prints 3.4 M, TensorFlow's list of models 3.47 M"));
        entries.add(mobileNetV2(1.4, 224, "585 M", "6.1 M"));
        entries.add(mobileNetV2(0.35, 96, "12 M", "1.66 M"));
        entries.add(ZooEntry.of(
                        "fd_mobilenet_1.0_224", () -> FdMobileNet.build(1.0, 224), () -> FdMobileNet.build(0.25, 64))
                .normalized()
                .published("144 M", ""));
        entries.add(ZooEntry.of("effnet", () -> EffNet.build(32, 1), () -> EffNet.build(16, 0.5))
                .normalized()
                .published("5.7 M", "")
                .remark("the paper prints 11.4 M operations, two for each multiply-accumulate"));
        entries.addAll(mobileNetV3());
        entries.add(shuffleNetV1(1, "143 M"));
        entries.add(shuffleNetV1(2, "140 M"));
        entries.add(shuffleNetV1(3, "137 M"));
        entries.add(shuffleNetV1(4, "133 M"));
        entries.add(shuffleNetV1(8, "137 M"));
        entries.add(shuffleNetV2("0.5", 48, 1024, "41 M", "1.4 M"));
        entries.add(shuffleNetV2("1.0", 116, 1024, "146 M", "2.3 M"));
        entries.add(shuffleNetV2("1.5", 176, 1024, "299 M", "3.5 M"));
        entries.add(shuffleNetV2("2.0", 244, 2048, "591 M", "7.4 M"));
        entries.add(ZooEntry.of("efficientnet_b0", () -> EfficientNet.b0(1, 224), () -> EfficientNet.b0(0.25, 64))
                .normalized()
                .published("0.39 G", "5.3 M"));
        entries.add(
                ZooEntry.of(
                                "efficientnet_v2_s",
                                () -> EfficientNet.v2Small(1, 224),
                                () -> EfficientNet.v2Small(0.25, 64))
                        .normalized()
                        .published("", "21.5-24 M")
                        .remark(
                                "the paper prints 22 M (24 M in its first version); the released network has 21.46 M, 21.61 M with running means"));
        return entries;
    }

    private static ZooEntry mobileNetV1(double width, int resolution, String macs, String parameters) {
        return ZooEntry.of(
                        "mobilenet_v1_" + width + "_" + resolution,
                        () -> MobileNetV1.build(width, resolution),
                        () -> MobileNetV1.build(0.25, 64))
                .normalized()
                .published(macs, parameters);
    }

    private static ZooEntry mobileNetV2(double width, int resolution, String macs, String parameters) {
        return ZooEntry.of(
                        "mobilenet_v2_" + width + "_" + resolution,
                        () -> MobileNetV2.build(width, resolution),
                        () -> MobileNetV2.build(0.35, 64))
                .normalized()
                .published(macs, parameters);
    }

    private static List<ZooEntry> mobileNetV3() {
        List<ZooEntry> entries = new ArrayList<>();
        entries.add(
                ZooEntry.of("mobilenet_v3_large", () -> MobileNetV3.large(1, 224), () -> MobileNetV3.large(0.25, 64))
                        .normalized()
                        .published("219 M", "5.4 M"));
        entries.add(
                ZooEntry.of("mobilenet_v3_small", () -> MobileNetV3.small(1, 224), () -> MobileNetV3.small(0.25, 64))
                        .normalized()
                        .published("56 M", "2.5 M"));
        entries.add(separated(5, false));
        entries.add(separated(7, false));
        entries.add(separated(7, true));
        return entries;
    }

    private static ZooEntry separated(int kernel, boolean down) {
        return ZooEntry.of(
                        "mobilenet_v3_small_xsep_k" + kernel + (down ? "_down" : ""),
                        () -> MobileNetV3.smallSeparated(kernel, down, 1, 224),
                        () -> MobileNetV3.smallSeparated(kernel, down, 0.25, 64))
                .normalized();
    }

    private static ZooEntry shuffleNetV1(int groups, String macs) {
        return ZooEntry.of(
                        "shufflenet_v1_1.0_g" + groups,
                        () -> ShuffleNetV1.build(1, groups, 224),
                        () -> ShuffleNetV1.build(0.25, groups, 64))
                .normalized()
                .published(macs, "");
    }

    private static ZooEntry shuffleNetV2(String width, int channels, int lastChannels, String macs, String parameters) {
        return ZooEntry.of(
                        "shufflenet_v2_" + width,
                        () -> ShuffleNetV2.build(width, channels, lastChannels, 224),
                        () -> ShuffleNetV2.build(width, channels / 4 * 2, 256, 64))
                .normalized()
                .published(macs, parameters);
    }
}
