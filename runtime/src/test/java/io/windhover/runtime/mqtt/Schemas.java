// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JSON Schemas of a folder, known by {@code urn:windhover:schema:NAME} of {@code NAME.schema.json}. */
public final class Schemas {
    private static final String ENDING = ".schema.json";
    private static final String IDS = "urn:windhover:schema:";

    private final SchemaRegistry registry;

    /** Reads the folder. */
    public Schemas(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            Map<String, String> texts = files.filter(file -> file.toString().endsWith(ENDING))
                    .collect(Collectors.toMap(
                            file -> IDS + file.getFileName().toString().replace(ENDING, ""), Schemas::read));
            assertFalse(texts.isEmpty());
            registry = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(texts));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }

    /** What is wrong; empty where nothing is. */
    List<String> problems(String schema, String json) {
        return registry.getSchema(SchemaLocation.of(IDS + schema)).validate(json, InputFormat.JSON).stream()
                .map(Object::toString)
                .toList();
    }

    /** Fails where the text does not fit. */
    public void requireValid(String schema, String json) {
        assertEquals(List.of(), problems(schema, json), schema + ": " + json);
    }

    /** Fails where the text fits. */
    public void requireInvalid(String schema, String json) {
        assertFalse(problems(schema, json).isEmpty(), schema + " takes " + json);
    }
}
