// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.model;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelLoaderTest {
    private static final long LARGEST = 1 << 20;

    /** A version, and a graph with one node "Mystery" from "x" to its output "y". */
    private static final byte[] ONNX = {
        8, 8, 0x3A, 22, 0x0A, 15, 0x0A, 1, 'x', 0x12, 1, 'y', 0x22, 7, 'M', 'y', 's', 't', 'e', 'r', 'y', 0x62, 3, 0x0A,
        1, 'y', 0x42, 2, 0x10, 13
    };

    private static String refusal(Path file, byte[] contents) throws IOException {
        Files.write(file, contents);
        return assertThrows(ModelException.class, () -> new ModelLoader(LARGEST).load(file.toString()))
                .getMessage();
    }

    @Test
    void an_onnx_file_is_read_as_such_by_its_name_or_its_beginning(@TempDir Path folder) throws IOException {
        assertTrue(refusal(folder.resolve("model.onnx"), ONNX).contains("Mystery"));
        assertTrue(refusal(folder.resolve("model"), ONNX).contains("Mystery"));
        assertTrue(refusal(folder.resolve("damaged.onnx"), new byte[100]).contains("damaged.onnx"));
    }

    @Test
    void a_file_of_no_kind_is_refused_with_the_kinds_there_are(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("notes.txt");
        Files.writeString(file, "not a model");
        String message = assertThrows(WindhoverException.class, () -> new ModelLoader(LARGEST).load(file.toString()))
                .getMessage();
        assertTrue(message.contains("ONNX") && message.contains("notes.txt"), message);
    }
}
