package io.windhover.models.zoo;

import java.util.List;

/** Networks of one-bit weights. */
final class BinaryNetworks {
    private BinaryNetworks() {}

    static List<ZooEntry> entries() {
        return List.of(ZooEntry.of("cnv_w1a1", Cnv::build, Cnv::build)
                .published("59.5 M", "1.54 M")
                .remark("57.9 M in the binary layers, which publications count, and 1.56 M in the first"));
    }
}
