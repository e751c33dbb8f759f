// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Java says twice because its home is the C header. */
class HeaderTest {
    private static String header() throws IOException {
        return Files.readString(Path.of("native/include/windhover.h"));
    }

    private static Map<String, Integer> constants(String pattern) throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        for (MatchResult match :
                Pattern.compile(pattern).matcher(header()).results().toList()) {
            found.put(match.group(1), Integer.valueOf(match.group(2)));
        }
        return found;
    }

    @Test
    void every_status_of_the_header_has_its_code_in_java() throws IOException {
        Map<String, Integer> expected = new TreeMap<>(Map.of("OK", Status.OK));
        for (Status status : Status.values()) {
            expected.put(status.name(), status.code());
        }
        assertEquals(expected, constants("(?m)^ {4}WH_(\\w+) = (-?\\d+)"));
    }

    @Test
    void access_to_a_region_has_the_header_s_constants() throws IOException {
        Map<String, Integer> expected = new TreeMap<>();
        for (Job.Access access : Job.Access.values()) {
            expected.put(access.name(), access.ordinal());
        }
        assertEquals(expected, constants("WH_(READ_\\w+) = (\\d+)"));
    }

    @Test
    void java_asks_for_the_header_s_interface_version() throws IOException {
        assertEquals(Map.of("ABI_VERSION", NativeLibrary.ABI_VERSION), constants("#define WH_(ABI_VERSION) (\\d+)"));
    }
}
