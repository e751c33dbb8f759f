// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives a test of a {@link Fault} its {@link Outcome}, and writes the table of all that ran. */
final class FaultTable implements ParameterResolver, AfterTestExecutionCallback {
    private static final Namespace OURS = Namespace.create(FaultTable.class);
    private static final Path FILE = Path.of("target", "faults.md");
    private static final Map<String, String> ROWS = new ConcurrentSkipListMap<>();

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
        String result = context.getExecutionException()
                .map(failure -> "**failed**")
                .orElseGet(() -> outcome(context).words());
        ROWS.put(
                context.getRequiredTestClass().getSimpleName() + " " + fault.value(),
                "| " + fault.value() + " | " + fault.must() + " | " + result + " |");
        try {
            Files.createDirectories(FILE.getParent());
            Files.writeString(
                    FILE,
                    "# " + ROWS.size() + " faults, as injected by the last test run\n\n"
                            + "| fault | must | measured |\n|---|---|---|\n"
                            + String.join("\n", ROWS.values()) + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
