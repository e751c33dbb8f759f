// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.demo;

import static io.windhover.models.ModelException.require;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The pictures that come with Windhover: PNG files drawn by {@code models/recipes}, named after what they show. */
public final class DemoImages {
    private DemoImages() {}

    /** File names such as {@code pad_h-002.png}, in the order they are shown. */
    public static List<String> names() throws IOException {
        return new String(bytes("index.txt"), StandardCharsets.UTF_8).lines().toList();
    }

    /** The label that a network of the zoo should give the picture: the file name up to the dash. */
    public static String label(String name) {
        int dash = name.indexOf('-');
        require(dash > 0, "'%s' is not the name of a demo picture; it has no dash after its label.", name);
        return name.substring(0, dash);
    }

    /** The file's contents. */
    public static byte[] bytes(String name) throws IOException {
        try (InputStream stream = DemoImages.class.getResourceAsStream(name)) {
            require(stream != null, "There is no demo picture '%s'; DemoImages.names() lists them.", name);
            return stream.readAllBytes();
        }
    }
}
