// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The device of each verb when {@code --device} names none, from a file that the launcher reads as well. */
final class DefaultDevices implements IDefaultValueProvider {
    private final Properties locators = new Properties();

    DefaultDevices() {
        try (InputStream file = DefaultDevices.class.getResourceAsStream("default-devices.properties")) {
            locators.load(Objects.requireNonNull(file));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (argument instanceof OptionSpec option && option.longestName().equals("--device")) {
            return locators.getProperty(option.command().name(), locators.getProperty("any"));
        }
        return null;
    }
}
