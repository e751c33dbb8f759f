// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GenerateTest {
    private static final Path ROOT = Path.of("../..");

    @Test
    void generated_files_equal_what_the_contract_says() throws IOException {
        for (Map.Entry<String, String> file : Generate.outputs(ROOT).entrySet()) {
            assertEquals(
                    file.getValue(),
                    Files.readString(ROOT.resolve(file.getKey())),
                    file.getKey() + " is stale: run " + Generate.COMMAND);
        }
    }

    @Test
    void overlapping_fields_are_refused() throws IOException {
        String text = Files.readString(ROOT.resolve("hdl/contract/contract.yaml"));
        String broken = text.replace("groups: [4, 44, 12,", "groups: [4, 43, 12,");
        assertThrows(IllegalArgumentException.class, () -> ContractFile.parse(broken));
    }

    @Test
    void what_a_contract_lacks_is_named() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> ContractFile.parse("version: 3"));
        assertEquals("there is no 'limits' beside [version]", refusal.getMessage());
    }

    @Test
    void a_changed_contract_has_another_digest() throws IOException {
        String text = Files.readString(ROOT.resolve("hdl/contract/contract.yaml"));
        org.junit.jupiter.api.Assertions.assertNotEquals(
                ContractFile.digestOf(text), ContractFile.digestOf(text + " "));
    }
}
