// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.demo.DemoImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** The pictures that come with Windhover, with what they show. */
final class DemoPictures {
    private DemoPictures() {}

    /** One encoded picture. */
    record Picture(String name, String label, byte[] encoded) {}

    static List<Picture> load() {
        try {
            return DemoImages.names().stream().map(DemoPictures::load).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static Picture load(String name) {
        try {
            return new Picture(name, DemoImages.label(name), DemoImages.bytes(name));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
