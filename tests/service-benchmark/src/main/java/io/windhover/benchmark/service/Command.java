// SPDX-License-Identifier: Apache-2.0
package io.windhover.benchmark.service;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What other programs print. */
final class Command {
    private Command() {}

    /** Standard output and error; empty where the program is missing. */
    static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException missing) {
            return "";
        }
    }
}
