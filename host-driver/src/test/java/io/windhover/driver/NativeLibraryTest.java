// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.contract.Contract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    private static final Path BUILT =
            Path.of(System.getProperty("windhover.transports")).getParent();

    @TempDir
    Path folder;

    /** Opens a device in a process of its own and prints what came of it. */
    static final class Opening {
        private Opening() {}

        public static void main(String[] arguments) {
            try (Accelerator accelerator = Accelerator.open("fake:")) {
                System.out.println(accelerator.capabilities().name());
            } catch (DriverException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private String elsewhere(Path working, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Opening.class.getName()));
        Process process = new ProcessBuilder(command)
                .directory(working.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return output;
    }

    private static String refused(String library) {
        DriverException e = assertThrows(DriverException.class, () -> NativeLibrary.open(BUILT.resolve(library)));
        assertEquals(Status.CONTRACT_MISMATCH, e.status());
        return e.getMessage();
    }

    @Test
    void a_library_of_another_interface_version_is_refused() {
        String message = refused("test/another-abi.so");
        assertTrue(message.contains("interface version 1, but these classes have 3"), message);
    }

    @Test
    void a_library_of_another_contract_is_refused_with_both_digests() {
        String message = refused("test/another-contract.so");
        assertTrue(message.contains("contract 0000000000000001, but these classes have"), message);
        assertTrue(message.contains(String.format("%016X", Contract.DIGEST)), message);
    }

    @Test
    void a_file_that_is_no_library_is_named() throws IOException {
        Path file = Files.writeString(folder.resolve("libwindhover.so"), "nothing");
        DriverException e = assertThrows(DriverException.class, () -> NativeLibrary.open(file));
        assertTrue(e.getMessage().startsWith(file + " is not a driver library for this machine"), e.getMessage());
        assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    }

    @Test
    void a_missing_library_is_said_to_be_each_time() throws Exception {
        Files.createDirectories(folder.resolve("host-driver/native"));
        String message = elsewhere(folder, "-Dwindhover.home=" + folder);
        assertTrue(
                message.contains("the driver library " + folder.resolve("host-driver/native/build/libwindhover.so")
                        + " is missing"),
                message);
    }

    @Test
    void the_working_directory_brings_no_library() throws Exception {
        Files.createDirectories(folder.resolve("host-driver/native/build"));
        Files.writeString(folder.resolve("host-driver/native/build/libwindhover.so"), "planted");
        Path transports = BUILT.resolve("test");
        assertEquals("tiny", elsewhere(folder, "-Dwindhover.transports=" + transports));
    }

    @Test
    void folders_may_have_colons_and_spaces_in_their_names() throws Exception {
        Path home = Files.createDirectories(folder.resolve("a b:c"));
        Path driver = Files.createDirectories(home.resolve("host-driver/native/build"));
        Path transports = Files.createDirectories(home.resolve("simulator/build/lib"));
        Files.copy(BUILT.resolve("libwindhover.so"), driver.resolve("libwindhover.so"));
        Files.copy(BUILT.resolve("test/libwindhover-fake.so"), transports.resolve("libwindhover-fake.so"));
        assertEquals("tiny", elsewhere(folder, "-Dwindhover.home=" + home));
    }

    @Test
    void a_cache_that_holds_no_programs_is_explained() throws Exception {
        String message =
                elsewhere(folder, "-Djna.tmpdir=/proc/nowhere", "-Dwindhover.transports=" + BUILT.resolve("test"));
        assertTrue(message.startsWith("JNA cannot unpack its library and load it ("), message);
        assertTrue(message.endsWith("name a folder that may hold programs with -Djna.tmpdir=FOLDER"), message);
        assertEquals(1, message.lines().count(), message);
    }
}
