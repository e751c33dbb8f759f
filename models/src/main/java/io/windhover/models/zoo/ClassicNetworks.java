// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Networks of dense convolutions, in the order of their publication. */
final class ClassicNetworks {
    private ClassicNetworks() {}

    static List<ZooEntry> entries() {
        List<ZooEntry> entries = new ArrayList<>();
        entries.add(ZooEntry.of("lenet_300_100", LeNet::fullyConnected, LeNet::fullyConnected)
                .published("266 k", "267 k"));
        entries.add(ZooEntry.of("lenet5", LeNet::convolutional, LeNet::convolutional)
                .published("2.29 M", "431 k"));
        entries.add(ZooEntry.of("alexnet", () -> AlexNet.build(1, 227), () -> AlexNet.build(0.25, 67))
                .published("0.72 G", "61 M"));
        entries.addAll(vgg());
        entries.addAll(inception());
        entries.addAll(resNet());
        entries.addAll(squeezeNet());
        entries.addAll(denseNet());
        entries.add(ZooEntry.of("xception", () -> Xception.build(1, 299), () -> Xception.build(0.125, 75))
                .normalized()
                .published("8.4 G", "22855952"));
        entries.add(ZooEntry.of("csp_resnet_50", () -> CspResNet.build(1, 256), () -> CspResNet.build(0.125, 64))
                .normalized()
                .published("4.48 G", "21.57 M")
                .remark("256 pixels; the authors print 8.97 G operations, two for each multiply-accumulate"));
        entries.add(
                ZooEntry.of("csp_densenet", () -> CspDenseNet.build(121, 32, 224), () -> CspDenseNet.build(121, 8, 32))
                        .normalized()
                        .remark(
                                "on DenseNet-121; the paper prints figures of variants only whose definition it does not give"));
        return entries;
    }

    private static List<ZooEntry> vgg() {
        return List.of(
                vgg(Vgg.Configuration.A, "", "133 M"),
                vgg(Vgg.Configuration.A_LRN, "", "133 M"),
                vgg(Vgg.Configuration.B, "", "133 M"),
                vgg(Vgg.Configuration.C, "", "134 M"),
                vgg(Vgg.Configuration.D, "15.3-15.5 G", "138 M"),
                vgg(Vgg.Configuration.E, "", "144 M"));
    }

    private static ZooEntry vgg(Vgg.Configuration configuration, String macs, String parameters) {
        String name = "vgg_" + configuration.name().toLowerCase(Locale.ROOT);
        return ZooEntry.of(name, () -> Vgg.build(configuration, 1, 224), () -> Vgg.build(configuration, 0.125, 32))
                .published(macs, parameters);
    }

    private static List<ZooEntry> inception() {
        return List.of(
                ZooEntry.of("googlenet", () -> GoogLeNet.build(1, 224), () -> GoogLeNet.build(0.25, 64))
                        .published("1.5-1.6 G", "6.8-7.0 M"),
                ZooEntry.of(
                                "bn_inception",
                                () -> InceptionV2.bnInception(1, 224),
                                () -> InceptionV2.bnInception(0.25, 64))
                        .normalized()
                        .published("2.0 G", "11.3 M")
                        .remark("the paper gives no figures; these are of the authors' network as converted for Caffe"),
                ZooEntry.of(
                                "inception_v2",
                                () -> InceptionV2.tensorFlow(1, 224),
                                () -> InceptionV2.tensorFlow(0.25, 64))
                        .normalized()
                        .published("1.94 G", "11.2 M")
                        .remark(
                                "TensorFlow's, 224 pixels; the Inception-v2 of the v3 paper is v3 less its training methods"),
                ZooEntry.of("inception_v3", () -> InceptionV3.build(1, 299), () -> InceptionV3.build(0.25, 75))
                        .normalized()
                        .published("5.7 G", "23.6 M"));
    }

    private static List<ZooEntry> resNet() {
        return List.of(
                resNet(18, "1.8 G", "11.7 M"),
                resNet(34, "3.6 G", "21.8 M"),
                resNet(50, "3.8 G", "25.6 M"),
                resNet(101, "7.6 G", "44.5 M"),
                resNet(152, "11.3 G", "60.2 M"));
    }

    private static ZooEntry resNet(int depth, String macs, String parameters) {
        return ZooEntry.of("resnet_" + depth, () -> ResNet.build(depth, 1, 224), () -> ResNet.build(depth, 0.25, 32))
                .normalized()
                .published(macs, parameters);
    }

    private static List<ZooEntry> squeezeNet() {
        return List.of(
                squeezeNet("squeezenet_1.0", SqueezeNet.Bypass.NONE).published("", "1.25 M"),
                ZooEntry.of("squeezenet_1.1", () -> SqueezeNet.build11(1, 227), () -> SqueezeNet.build11(0.5, 51))
                        .published("", "1.24 M"),
                squeezeNet("squeezenet_1.0_simple_bypass", SqueezeNet.Bypass.SIMPLE)
                        .published("", "1.25 M"),
                squeezeNet("squeezenet_1.0_complex_bypass", SqueezeNet.Bypass.COMPLEX)
                        .remark(
                                "the paper's 7.7 MB at 32 bit (1.93 M) does not follow from 1x1 convolutions around fire 2, 4, 6 and 8: "
                                        + "they add 0.34 M to 1.25 M"));
    }

    private static ZooEntry squeezeNet(String name, SqueezeNet.Bypass bypass) {
        return ZooEntry.of(name, () -> SqueezeNet.build10(bypass, 1, 227), () -> SqueezeNet.build10(bypass, 0.5, 51));
    }

    private static List<ZooEntry> denseNet() {
        return List.of(
                denseNet(121, "2.8 G", "8.0 M"),
                denseNet(169, "3.4 G", "14.1 M"),
                denseNet(201, "4.3 G", "20.0 M"),
                denseNet(264, "", "")
                        .remark("the paper shows it in a graph only; 5.8 G and 33.3 M are usually quoted"));
    }

    private static ZooEntry denseNet(int depth, String macs, String parameters) {
        return ZooEntry.of(
                        "densenet_" + depth, () -> DenseNet.build(depth, 32, 224), () -> DenseNet.build(depth, 8, 32))
                .normalized()
                .published(macs, parameters);
    }
}
