// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.contract.Configuration;
import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "devices",
        description = "Lists the devices that --device accepts and what each offers.",
        footer = {
            "",
            "Example:",
            "  ./windhover devices --json",
            "",
            "Devices take options, KEY=VALUE joined by &: rtl:tiny?stalls=7&memory_mib=64 adds seeded random memory stalls and has 64 MiB;",
            "simulator/README.md lists them all.",
            "functional: without a configuration is functional:zynq7020."
        })
final class DevicesCommand extends Verb {
    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    record Entry(
            String device,
            String description,
            int macsPerCycle,
            int xnorBitsPerCycle,
            int activationBytes,
            int weightBytes,
            int clockHz) {}

    @Override
    void execute() {
        List<Entry> entries = new ArrayList<>();
        for (Configuration configuration : Configuration.ALL) {
            entries.add(accelerator("rtl:" + configuration.name(), "simulated accelerator", configuration));
        }
        for (Configuration configuration : Configuration.ALL) {
            entries.add(accelerator(
                    "functional:" + configuration.name(), "the accelerator's functional model", configuration));
        }
        entries.add(new Entry("reference:", "Java, operator by operator", 0, 0, 0, 0, 0));
        if (json) {
            printJson(entries);
            return;
        }
        out().printf(
                        "%-20s %-36s %10s %10s %12s %10s%n",
                        "device", "", "MAC/cycle", "XNOR/cycle", "activations", "weights");
        entries.forEach(entry -> out().printf(
                        "%-20s %-36s %10s %10s %12s %10s%n",
                        entry.device(),
                        entry.description(),
                        count(entry.macsPerCycle()),
                        count(entry.xnorBitsPerCycle()),
                        kilobytes(entry.activationBytes()),
                        kilobytes(entry.weightBytes())));
    }

    private static Entry accelerator(String device, String description, Configuration configuration) {
        Capabilities capabilities = Capabilities.of(configuration);
        return new Entry(
                device,
                description,
                capabilities.int8Reduction() * Contract.INT8_LANES * capabilities.int8Pixels(),
                capabilities.xnorLanes() * 64,
                capabilities.activationBankWords() * Contract.ROW_BANKS * Contract.COLUMN_BANKS * 8,
                capabilities.weightWords() * Contract.WEIGHT_WORD_BYTES,
                capabilities.clockHz());
    }

    private static String count(int value) {
        return value == 0 ? "-" : String.valueOf(value);
    }

    private static String kilobytes(int bytes) {
        return bytes == 0 ? "-" : bytes / 1024 + " KiB";
    }
}
