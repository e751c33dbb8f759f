package io.windhover.runtime.cli;

import io.windhover.models.graph.Graph;
import io.windhover.models.zoo.Zoo;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "models",
        description = "Lists the networks that come with Windhover.",
        footer = {"", "Example:", "  ./windhover models --json"})
final class ModelsCommand extends Verb {
    @Option(names = "--json", description = "Print JSON: [{\"name\", \"macs\", \"parameters\"}].")
    private boolean json;

    record Entry(String name, long macs, long parameters) {}

    @Override
    void execute() {
        List<Entry> entries = Zoo.names().stream().map(ModelsCommand::entry).toList();
        if (json) {
            printJson(entries);
            return;
        }
        out().printf("%-28s %16s %14s%n", "name", "macs", "parameters");
        entries.forEach(entry -> out().printf("%-28s %,16d %,14d%n", "zoo:" + entry.name(), entry.macs(), entry.parameters()));
    }

    private static Entry entry(String name) {
        Graph graph = Zoo.load(name);
        return new Entry(name, graph.macs(), graph.parameters());
    }
}
