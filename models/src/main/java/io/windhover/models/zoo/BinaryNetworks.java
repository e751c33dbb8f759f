// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.zoo;

import java.util.List;

/** Networks of one-bit weights. */
final class BinaryNetworks {
    private BinaryNetworks() {}

    static List<ZooEntry> entries() {
        return List.of(
                ZooEntry.of("xnor_alexnet", () -> BinaryAlexNet.xnor(1, 224), () -> BinaryAlexNet.xnor(0.25, 96))
                        .published("", "62.3 M")
                        .remark("published as 475 MB in double precision; AlexNet without groups"),
                ZooEntry.of("xnor_resnet_18", () -> XnorResNet.build(1, 224), () -> XnorResNet.build(0.25, 64))
                        .published("1.8 G", "11.7 M"),
                ZooEntry.of(
                                "bwn_alexnet",
                                () -> BinaryAlexNet.binaryWeights(1, 224),
                                () -> BinaryAlexNet.binaryWeights(0.25, 96))
                        .normalized()
                        .published("", "62.3 M")
                        .remark("published as 475 MB in double precision; AlexNet without groups"),
                ZooEntry.of("cnv_w1a1", Cnv::build, Cnv::build)
                        .published("59.5 M", "1.54 M")
                        .remark("57.9 M in the binary layers, which publications count, and 1.56 M in the first"),
                ZooEntry.of(
                                "lfc_w1a1",
                                () -> FinnPerceptron.build("lfc_w1a1", 1024),
                                () -> FinnPerceptron.build("lfc_w1a1", 128))
                        .published("2.9 M", "2.9 M"),
                ZooEntry.of(
                                "tfc_w1a1",
                                () -> FinnPerceptron.build("tfc_w1a1", 64),
                                () -> FinnPerceptron.build("tfc_w1a1", 64))
                        .published("59 k", "59 k"));
    }
}
