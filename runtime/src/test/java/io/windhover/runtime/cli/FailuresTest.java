// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static void assertSays(String words, Throwable failure) {
        String sentence = Failures.sentence(failure);
        assertTrue(sentence.contains(words), sentence);
        assertEquals(1, sentence.lines().count(), sentence);
        assertFalse(sentence.contains("should not have happened"), sentence);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int recurse(int depth) {
        return recurse(depth + 1) + 1;
    }

    private static Throwable thrownBy(Runnable action) {
        try {
            action.run();
        } catch (Throwable thrown) {
            return thrown;
        }
        throw new AssertionError("nothing was thrown");
    }

    @Test
    void every_error_says_what_to_do() {
        assertSays("-Xmx4g", thrownBy(() -> System.out.println(new long[Integer.MAX_VALUE - 2][1 << 20].length)));
        assertSays(
                "ulimit -u",
                new OutOfMemoryError(
                        "unable to create native thread: possibly out of memory or process/resource limits reached"));
        assertSays("-Xss64m", thrownBy(() -> recurse(0)));
        assertSays("noexec", thrownBy(() -> System.loadLibrary("windhover-none")));
        assertSays("run this again", new NoClassDefFoundError("com/example/Missing"));
        assertSays("run this again", new NoSuchMethodError("'void com.example.Old.method()'"));
    }

    @Test
    void mistakes_of_a_file_are_a_line_each_and_its_newlines_start_none() {
        String text = """
                "forged\\nwindhover: all is well": 1
                node: pad
                device: "functional:"
                models: 7
                streams: 8
                """;
        List<String> lines = Failures.sentences(
                thrownBy(() -> ServiceConfiguration.parse(text, "pad\n.yaml", Path.of("."), Map.of())));
        assertEquals(3, lines.size(), lines.toString());
        assertTrue(lines.stream().allMatch(line -> line.startsWith("pad\\n.yaml, line ")), lines.toString());
        assertTrue(lines.stream().anyMatch(line -> line.contains("forged\\nwindhover: all")), lines.toString());
        assertTrue(lines.stream().allMatch(line -> line.lines().count() == 1), lines.toString());
        assertEquals(List.of("a\\nb"), Failures.sentences(new WindhoverException("a\nb")));
    }

    @Test
    void an_error_that_a_worker_met_is_said_as_itself() {
        assertSays(
                "-Xmx4g", new IllegalStateException(new ExecutionException(new OutOfMemoryError("Java heap space"))));
    }

    @Test
    void a_failed_initialiser_is_said_as_its_reason() {
        assertEquals(
                "The driver is missing.",
                Failures.sentence(new ExceptionInInitializerError(new WindhoverException("The driver is missing."))));
    }

    @Test
    void a_native_library_s_reason_is_its_first_line() {
        assertSays(
                "(Unable to load library '/a.so': /a.so: failed to map)",
                new UnsatisfiedLinkError(
                        "Unable to load library '/a.so':\n/a.so: failed to map\nNative library (a.so) not found in resource path (/b.jar)"));
    }

    @Test
    void what_is_no_error_of_java_s_asks_for_a_report() {
        assertEquals(
                "this should not have happened: IllegalStateException (a\\u001bb); run it again with --verbose and report it.",
                Failures.sentence(new IllegalStateException("a\u001bb")));
    }
}
