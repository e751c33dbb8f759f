// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;

/** A named configuration of the accelerator. */
public record Configuration(
        String name,
        int id,
        int int8Reduction,
        int int8Pixels,
        int xnorLanes,
        int activationBankWords,
        int weightWords,
        int lineBytes,
        int traceEntries,
        int clockHz,
        int budgetLut,
        int budgetFf,
        int budgetBram36,
        int budgetDsp) {
    public static final List<Configuration> ALL = List.of(
            new Configuration("zynq7020", 1, 24, 2, 64, 2048, 6144, 4096, 256, 100000000, 53200, 106400, 140, 220),
            new Configuration("tiny", 2, 16, 1, 16, 512, 1024, 1024, 256, 24000000, 5280, 5280, 30, 8),
            new Configuration("zu3eg", 3, 32, 2, 64, 3072, 8192, 4096, 1024, 200000000, 70560, 141120, 216, 360));
}
