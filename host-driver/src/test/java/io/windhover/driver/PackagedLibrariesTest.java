// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackagedLibrariesTest {
    @TempDir
    Path folder;

    /** A folder on the class path is as good as a jar. */
    private URL jar(String name, String platform, String library, String contents) throws Exception {
        Path jar = folder.resolve(name);
        Path natives =
                Files.createDirectories(jar.resolve("io/windhover/natives").resolve(platform));
        Files.writeString(natives.resolve(library), contents);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(contents.getBytes(StandardCharsets.UTF_8));
        Files.writeString(
                jar.resolve(PackagedLibraries.INDEX),
                platform + " " + HexFormat.of().formatHex(digest) + " " + library + "\n");
        return jar.toUri().toURL();
    }

    private Path cache() {
        return folder.resolve("cache/windhover");
    }

    private PackagedLibraries libraries(URL... jars) {
        return new PackagedLibraries(new URLClassLoader(jars, null), "linux-x86_64", cache());
    }

    private static void refused(PackagedLibraries libraries, String... words) {
        String message = assertThrows(DriverException.class, libraries::folder).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
        assertEquals(1, message.lines().count(), message);
    }

    private List<Path> cached() throws IOException {
        try (Stream<Path> found = Files.list(cache())) {
            return found.toList();
        }
    }

    @Test
    void the_libraries_of_all_jars_lie_in_one_folder() throws Exception {
        URL driver = jar("a", "linux-x86_64", "libwindhover.so", "driver");
        URL model = jar("b", "linux-x86_64", "libwindhover-functional.so", "model");
        URL other = jar("c", "linux-aarch64", "libwindhover.so", "other");
        Path found = libraries(driver, model, other).folder();
        assertEquals("driver", Files.readString(found.resolve("libwindhover.so")));
        assertEquals("model", Files.readString(found.resolve("libwindhover-functional.so")));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(cache())));
        assertEquals(found, libraries(driver, model, other).folder());
        assertEquals(List.of(found), cached());
    }

    @Test
    void other_contents_are_another_folder() throws Exception {
        Path first =
                libraries(jar("a", "linux-x86_64", "libwindhover.so", "one")).folder();
        Path second =
                libraries(jar("b", "linux-x86_64", "libwindhover.so", "two")).folder();
        assertEquals("one", Files.readString(first.resolve("libwindhover.so")));
        assertEquals("two", Files.readString(second.resolve("libwindhover.so")));
    }

    @Test
    void what_was_changed_in_the_cache_is_not_loaded() throws Exception {
        PackagedLibraries libraries = libraries(jar("a", "linux-x86_64", "libwindhover.so", "right"));
        Files.writeString(libraries.folder().resolve("libwindhover.so"), "wrong");
        refused(libraries, "is not what its jar holds; delete that folder");
    }

    @Test
    void a_jar_that_does_not_hold_what_its_index_says_leaves_nothing() throws Exception {
        URL jar = jar("a", "linux-x86_64", "libwindhover.so", "right");
        Files.writeString(folder.resolve("a/io/windhover/natives/linux-x86_64/libwindhover.so"), "wrong");
        refused(libraries(jar), "is not what its jar holds");
        assertEquals(List.of(), cached());
    }

    @Test
    void a_missing_platform_is_named_with_those_that_are_there() throws Exception {
        refused(
                libraries(jar("a", "linux-aarch64", "libwindhover.so", "other")),
                "hold native libraries for linux-aarch64, not for this machine",
                "add windhover-natives with the classifier linux-x86_64");
        refused(
                libraries(),
                "no jar on the class path holds native libraries",
                "add windhover-natives with the classifier linux-x86_64");
    }

    @Test
    void two_versions_on_one_class_path_are_refused() throws Exception {
        URL one = jar("a", "linux-x86_64", "libwindhover.so", "one");
        URL two = jar("b", "linux-x86_64", "libwindhover.so", "two");
        refused(libraries(one, two), "different libraries libwindhover.so; use one version");
    }

    @Test
    void an_index_names_no_file_elsewhere() throws Exception {
        URL jar = jar("a", "linux-x86_64", "libwindhover.so", "x");
        Path index = folder.resolve("a").resolve(PackagedLibraries.INDEX);
        Files.writeString(index, Files.readString(index).replace("libwindhover.so", "../libwindhover.so"));
        refused(libraries(jar), "is no index of native libraries");
    }

    @Test
    void a_folder_that_others_may_write_to_is_no_cache() throws Exception {
        URL jar = jar("a", "linux-x86_64", "libwindhover.so", "x");
        Files.createDirectories(cache());
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwxrwxrwx"));
        refused(libraries(jar), "other users may write there; name a folder of your own");
        Files.setPosixFilePermissions(cache(), PosixFilePermissions.fromString("rwx------"));
        Files.setPosixFilePermissions(cache().getParent(), PosixFilePermissions.fromString("rwxrwxrwx"));
        refused(libraries(jar), "beneath " + cache().getParent().toRealPath() + ", as other users may write there");
        assertEquals(List.of(), cached());
    }

    @Test
    void many_at_once_find_the_same_folder() throws Exception {
        URL jar = jar("a", "linux-x86_64", "libwindhover.so", "x".repeat(1 << 20));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<Path> unpacking = () -> libraries(jar).folder();
            List<Future<Path>> found = threads.invokeAll(Collections.nCopies(32, unpacking));
            for (Future<Path> one : found) {
                assertEquals(found.get(0).get(), one.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, cached().size());
    }
}
