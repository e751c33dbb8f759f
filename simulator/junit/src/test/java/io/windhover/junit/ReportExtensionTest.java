// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What classes of tests leave behind. */
class ReportExtensionTest {
    private static final String NAME = ReportExtensionTest.class.getName() + "$";

    @TempDir
    Path folder;

    @WindhoverTest(device = "rtl:tiny", model = "zoo:lenet_300_100")
    static class Counting {
        @Test
        void passes(ModelOnDevice model) {
            model.run(Inputs.random(1)).takesAtMost(Long.MAX_VALUE);
        }

        @Test
        void fails() {
            fail("\nThe first line.\nThe second.");
        }

        @Test
        @Disabled
        void skipped() {}

        @ParameterizedTest
        @ValueSource(ints = {3, 4})
        void of_several(int number, ModelOnDevice model) {
            assertEquals(3, number, "number");
        }

        @TestFactory
        Stream<DynamicTest> made() {
            return Stream.of(
                    DynamicTest.dynamicTest("right", () -> {}), DynamicTest.dynamicTest("wrong", () -> fail("It is.")));
        }

        @Nested
        class Inside {
            @Test
            void shares(ModelOnDevice model) {
                assertEquals("rtl:tiny", model.device().locator());
            }
        }
    }

    @WindhoverTest(device = "functional:tiny", model = "zoo:lenet_300_100")
    static class Frugal {
        @Test
        void passes(ModelOnDevice model) {
            model.run(Inputs.random(1)).isBitExact();
        }
    }

    @WindhoverTest(device = "rtl:tiny", model = "no/where.tflite")
    @Faults(stalls = 3)
    static class Missing {
        @Test
        void needs_it(ModelOnDevice model) {
            model.leavesNothingToTheHost();
        }

        @Test
        void needs_nothing() {}
    }

    @WindhoverTest(device = "functional:tiny", model = "zoo:lenet_300_100")
    static class Unprepared {
        @BeforeAll
        static void prepare(ModelOnDevice model) {
            fail("No " + model.model().name() + ".");
        }

        @Test
        void never() {}
    }

    static class Other {
        @Test
        void passes() {}
    }

    private void run(Class<?>... classes) {
        String before = System.getProperty(RunReport.FOLDER);
        System.setProperty(RunReport.FOLDER, folder.toString());
        try {
            LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
            Stream.of(classes).forEach(type -> request.selectors(selectClass(type)));
            LauncherFactory.create().execute(request.build());
        } finally {
            if (before == null) {
                System.clearProperty(RunReport.FOLDER);
            } else {
                System.setProperty(RunReport.FOLDER, before);
            }
        }
    }

    private List<String> summary() throws IOException {
        return Files.readAllLines(folder.resolve("windhover.md"));
    }

    private String page() throws IOException {
        return Files.readString(folder.resolve("windhover.html"));
    }

    @Test
    void each_test_and_each_layer_is_there() throws IOException {
        run(Counting.class);
        String row = summary().get(2);
        assertTrue(
                row.matches(
                        "\\| \\Q" + NAME.replace("$", "") + "\\E\\$Counting \\| zoo:lenet\\\\_300\\\\_100 \\| rtl:tiny "
                                + "\\| [0-9,]+ \\| [0-9]+ % \\| \\| \\*\\*3 of 7 failed\\*\\* \\|"),
                row);
        String page = page();
        for (String item : List.of(
                "passed: passes",
                "<span class=\"failed\">FAILED</span>: fails: The first line.",
                "passed: of_several: [1] number=3",
                "<span class=\"failed\">FAILED</span>: of_several: [2] number=4",
                "passed: made: right",
                "<span class=\"failed\">FAILED</span>: made: wrong: It is.",
                "passed: Inside.shares")) {
            assertTrue(page.contains("<li>" + item), () -> item + " is not in " + page);
        }
        assertFalse(page.contains("skipped"), page);
        assertTrue(page.contains("<table class=\"layers\">"), page);
        assertTrue(page.contains("<i class=\"util\" style=\"width:"), page);
    }

    @Test
    void cycles_are_counted_only_where_a_test_asks_for_them() throws IOException {
        run(Frugal.class);
        assertTrue(summary().get(2).endsWith(" | functional:tiny | | | | 1 passed |"), summary()::toString);
        assertFalse(page().contains("<table class=\"layers\">"), page());
    }

    @Test
    void a_model_that_cannot_be_opened_is_named_with_its_tests() throws IOException {
        run(Missing.class);
        List<String> lines = summary();
        assertTrue(
                lines.get(2).endsWith(" | no/where.tflite | rtl:tiny?stalls=3 | | | | **1 of 2 failed** |"),
                lines::toString);
        assertTrue(lines.get(4).contains("**, needs\\_it: "), lines::toString);
        assertTrue(lines.get(4).contains("no/where.tflite"), lines::toString);
        assertFalse(lines.get(4).contains("Failed to resolve"), lines::toString);
    }

    @Test
    void what_fails_before_all_tests_is_the_class_s() throws IOException {
        run(Unprepared.class);
        assertTrue(
                summary().get(4).endsWith("Unprepared: No lenet\\_300\\_100.")
                        && summary().size() == 5,
                summary()::toString);
    }

    @Test
    void nothing_is_written_without_models() throws IOException {
        run(Other.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }
}
