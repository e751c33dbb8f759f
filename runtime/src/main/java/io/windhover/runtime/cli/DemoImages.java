package io.windhover.runtime.cli;

import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.WindhoverException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The pictures that come with Windhover: {@code CLASS-NUMBER.png}, listed in {@code index.txt}. */
final class DemoImages {
    private static final String FOLDER = "/io/windhover/models/demo/";

    private DemoImages() {}

    /** One encoded picture. */
    record Image(String name, byte[] encoded) {}

    static List<Image> load() {
        return new String(read("index.txt"), StandardCharsets.UTF_8).lines().map(name -> new Image(name, read(name))).toList();
    }

    private static byte[] read(String name) {
        try (InputStream stream = Zoo.class.getResourceAsStream(FOLDER + name)) {
            if (stream == null) {
                throw new WindhoverException("The demo's pictures are missing (" + name + "); build from a whole checkout.");
            }
            return stream.readAllBytes();
        } catch (IOException problem) {
            throw new WindhoverException("The demo's picture " + name + " cannot be read (" + problem.getMessage() + ").", problem);
        }
    }
}
