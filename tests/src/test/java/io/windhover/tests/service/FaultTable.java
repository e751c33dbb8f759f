// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.opentest4j.TestAbortedException;

/**
 * Gives a test of a {@link Fault} its {@link Outcome}, and writes the table of all that ran. Maven runs classes in
 * several processes, and a user runs one at a time, so each row is a file of its own from which the table is made.
 */
final class FaultTable implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace OURS = Namespace.create(FaultTable.class);
    private static final Path FILE = Path.of("target", "faults.md");
    private static final Path ROWS = Path.of("target", "faults");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Outcome.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return outcome(context);
    }

    private static Outcome outcome(ExtensionContext context) {
        return context.getStore(OURS)
                .getOrComputeIfAbsent(context.getUniqueId(), unused -> new Outcome(), Outcome.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        Fault fault = context.getRequiredTestMethod().getAnnotation(Fault.class);
        Outcome outcome = outcome(context);
        String result = context.getExecutionException()
                .map(failure -> failure instanceof TestAbortedException ? "skipped" : "**failed**")
                .orElseGet(outcome::words);
        String row = String.join(
                " | ",
                "| " + fault.value(),
                fault.must(),
                result,
                outcome.seconds(),
                Instant.now().truncatedTo(ChronoUnit.MINUTES) + " |");
        String group = context.getRequiredTestClass().getSimpleName().replace("FaultsTest", "");
        try {
            replace(ROWS.resolve(group + " " + context.getRequiredTestMethod().getName()), row);
            replace(FILE, table());
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }

    private static void replace(Path file, String text) throws IOException {
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Path whole = file.resolveSibling(UUID.randomUUID() + ".part");
        Files.writeString(whole, text);
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String table() throws IOException {
        Map<String, String> rows = new TreeMap<>();
        try (Stream<Path> files = Files.list(ROWS)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (!name.endsWith(".part")) {
                    readRow(file, name, rows);
                }
            }
        }
        StringBuilder table = new StringBuilder("# " + rows.size() + " faults, as each was injected last\n");
        String group = "";
        for (Map.Entry<String, String> row : rows.entrySet()) {
            String own = List.of(row.getKey().split(" ", -1)).get(0);
            if (!own.equals(group)) {
                table.append("\n## ").append(own);
                table.append("\n\n| fault | must | measured | seconds | at |\n|---|---|---|---|---|\n");
            }
            group = own;
            table.append(row.getValue()).append('\n');
        }
        return table.toString();
    }

    private static void readRow(Path file, String name, Map<String, String> rows) throws IOException {
        try {
            rows.put(name, Files.readString(file));
        } catch (NoSuchFileException replaced) {
            // By another process, which makes the table anew.
        }
    }
}
