// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A picture that comes with Windhover, drawn by {@code models/recipes}.
 *
 * @param name file name such as {@code pad_h-002.png}
 * @param label what it shows: the name up to the dash, a class of both networks of our own
 * @param encoded the PNG file
 */
public record DemoPicture(String name, String label, byte[] encoded) {
    /** All of them, in the order they are shown. */
    public static List<DemoPicture> all() {
        return new String(bytes("index.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(name -> new DemoPicture(name, name.substring(0, name.indexOf('-')), bytes(name)))
                .toList();
    }

    private static byte[] bytes(String file) {
        try (InputStream stream = DemoPicture.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("the demo's " + file + " is missing from the program");
            }
            return stream.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
