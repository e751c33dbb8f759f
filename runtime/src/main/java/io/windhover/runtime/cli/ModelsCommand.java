// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.annotations.SerializedName;
import io.windhover.models.zoo.Sizes;
import io.windhover.models.zoo.Zoo;
import io.windhover.models.zoo.ZooEntry;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "models",
        description =
                "Lists the networks that come with Windhover: multiply-accumulates, parameters with batch norm folded (as they are stored) "
                        + "and not folded (as they were trained), and what was published.",
        footer = {
            "",
            "zoo:NAME is a MODEL for the other verbs; zoo:NAME@reduced is its small version, of less width or resolution.",
            "",
            "Examples:",
            "  ./windhover models --json",
            "  ./windhover inspect zoo:resnet_50",
            "  ./windhover profile zoo:resnet_50@reduced"
        })
final class ModelsCommand extends Verb {
    @Option(
            names = "--json",
            description =
                    "Print JSON: [{\"name\", \"macs\", \"parameters\", \"parameters_unfolded\", \"published_macs\", "
                            + "\"published_parameters\", \"remark\"}]; what was not published is empty.")
    private boolean json;

    record Entry(
            String name,
            long macs,
            long parameters,
            @SerializedName("parameters_unfolded") long unfolded,
            @SerializedName("published_macs") String publishedMacs,
            @SerializedName("published_parameters") String publishedParameters,
            String remark) {}

    @Override
    void execute() {
        List<Entry> entries = Zoo.entries().stream().map(ModelsCommand::entry).toList();
        if (json) {
            printJson(entries);
            return;
        }
        out().printf(
                        "%-35s %15s %11s %13s %13s %12s  %s%n",
                        "name", "macs", "published", "parameters", "not folded", "published", "remark");
        entries.forEach(entry -> out().printf(
                        "%-35s %,15d %11s %,13d %,13d %12s  %s%n",
                        "zoo:" + entry.name(),
                        entry.macs(),
                        entry.publishedMacs(),
                        entry.parameters(),
                        entry.unfolded(),
                        entry.publishedParameters(),
                        entry.remark()));
    }

    private static Entry entry(ZooEntry entry) {
        Sizes sizes = entry.sizes();
        return new Entry(
                entry.name(),
                sizes.macs(),
                sizes.parameters(),
                sizes.unfoldedParameters(),
                entry.published().macs(),
                entry.published().parameters(),
                entry.published().remark());
    }
}
