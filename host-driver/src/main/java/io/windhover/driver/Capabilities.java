// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import io.windhover.contract.Configuration;

/**
 * What an accelerator reports about itself; programs are compiled for it.
 *
 * @param configuration ID of the named configuration
 * @param int8Reduction products summed per lane, pixel and cycle (a multiple of 8)
 * @param int8Pixels pixels per cycle of the int8 array, 1 or 2
 * @param xnorLanes output channels of the XNOR array
 * @param activationBankWords 8-byte words in each of 16 activation banks
 * @param weightWords 32-byte words of weight memory
 * @param lineBytes longest source row of LOAD_PATCH
 * @param traceEntries trace entries kept
 * @param clockHz nominal clock
 */
public record Capabilities(
        int configuration,
        int int8Reduction,
        int int8Pixels,
        int xnorLanes,
        int activationBankWords,
        int weightWords,
        int lineBytes,
        int traceEntries,
        int clockHz) {

    /** Capabilities of a named configuration, for compiling without a device. */
    public static Capabilities of(Configuration c) {
        return new Capabilities(
                c.id(),
                c.int8Reduction(),
                c.int8Pixels(),
                c.xnorLanes(),
                c.activationBankWords(),
                c.weightWords(),
                c.lineBytes(),
                c.traceEntries(),
                c.clockHz());
    }

    /** Capabilities of the configuration called {@code name}. */
    public static Capabilities named(String name) {
        return Configuration.ALL.stream()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .map(Capabilities::of)
                .orElseThrow(() -> new IllegalArgumentException("there is no configuration '" + name
                        + "'; choose one of "
                        + Configuration.ALL.stream().map(Configuration::name).toList()));
    }

    /** Name of the configuration, or {@code "configuration N"} when this driver does not know it. */
    public String name() {
        return Configuration.ALL.stream()
                .filter(c -> c.id() == configuration)
                .map(Configuration::name)
                .findFirst()
                .orElse("configuration " + configuration);
    }
}
