package io.windhover.models.zoo;

import java.util.List;

/** Networks of dense convolutions, in the order of their publication. */
final class ClassicNetworks {
    private ClassicNetworks() {}

    static List<ZooEntry> entries() {
        return List.of(
                ZooEntry.of("lenet_300_100", LeNet::fullyConnected, LeNet::fullyConnected).published("266 k", "267 k"),
                ZooEntry.of("lenet5", LeNet::convolutional, LeNet::convolutional).published("2.29 M", "431 k"));
    }
}
