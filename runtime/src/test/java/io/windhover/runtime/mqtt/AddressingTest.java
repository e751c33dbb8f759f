// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressingTest {
    @Test
    void addresses_have_their_usual_ports() {
        assertEquals(1883, BrokerAddress.parse("mqtt://broker.local").port());
        assertEquals(8883, BrokerAddress.parse("mqtts://broker.local").port());
        assertEquals(1234, BrokerAddress.parse("tcp://broker.local:1234").port());
    }

    @Test
    void users_are_decoded_and_passwords_never_shown() {
        BrokerAddress address =
                BrokerAddress.parse("mqtts://b%40i%3Ard+@broker.local").withPassword("s@cret+");
        assertEquals("b@i:rd+", address.user());
        assertEquals("s@cret+", address.password());
        PublisherSettings settings = PublisherSettings.guest(address, new Topics("windhover", "here"));
        assertFalse((address + " " + settings).contains("cret"));
    }

    @Test
    void hosts_may_be_ipv6_addresses_and_have_underscores() {
        assertEquals(
                "tcp://[::1]:1884",
                BrokerAddress.parse("mqtt://bird@[::1]:1884").serverUri());
        assertEquals(
                "ssl://my_broker:8883",
                BrokerAddress.parse("MQTTS://my_broker/").serverUri());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mqtt://bird:secret@x",
                "mqtts://:secret@x",
                "mqtt://bird:se@cret@x:1",
                "mqtt://bird:secret/x@y",
                "mqtt://bird:sec ret@[::1]"
            })
    void a_password_on_the_command_line_is_refused_and_the_variable_named(String url) {
        WindhoverException refusal = assertThrows(WindhoverException.class, () -> BrokerAddress.parse(url));
        assertTrue(refusal.getMessage().contains("WINDHOVER_MQTT_PASSWORD_FILE"), refusal.getMessage());
        StringWriter trace = new StringWriter();
        refusal.printStackTrace(new PrintWriter(trace));
        assertFalse(trace.toString().contains("cret"), trace.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "broker.local",
                "http://broker.local",
                "mqtt://",
                "mqtt://bad host",
                "mqtt:broker",
                "mqtt://x:99999",
                "mqtt://x:0",
                "mqtt://x:",
                "mqtt://x/topic",
                "secret://bird@secret/secret"
            })
    void what_is_no_address_is_refused_without_repeating_it(String url) {
        WindhoverException refusal = assertThrows(WindhoverException.class, () -> BrokerAddress.parse(url));
        String message = refusal.getMessage() + refusal.getCause();
        assertTrue(message.contains("mqtt://HOST"), message);
        assertFalse(message.contains("secret"), message);
    }

    @Test
    void a_path_is_said_to_be_one() {
        for (String url : new String[] {"mqtt://broker:1883/farm", "mqtts://bi/rd@broker/a/b"}) {
            WindhoverException refusal = assertThrows(WindhoverException.class, () -> BrokerAddress.parse(url));
            assertTrue(
                    String.valueOf(refusal.getMessage()).contains("has a path, but a broker has none; write mqtt://"),
                    url);
        }
    }

    @Test
    void topics_follow_the_conventions() {
        Topics topics = new Topics("farm/birds", "node-1");
        assertEquals("farm/birds/node-1/available", topics.available());
        assertEquals("farm/birds/node-1/images/classification", topics.classification("images"));
        assertEquals("farm/birds/node-1/images/state", topics.state("images"));
        assertEquals("farm/birds/node-1/status/accelerator", topics.acceleratorStatus());
        assertEquals("farm/birds/node-1/status/images", topics.streamStatus("images"));
        assertEquals("farm/birds/node-1/stats", topics.statistics());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a/b",
                "+",
                "#",
                "a#",
                "$SYS",
                "/a",
                "a\n",
                "a\0",
                "a\u0085b",
                "a\u202eb",
                " a",
                "\ud800",
                "status",
                "set",
                "accelerator",
                "infer"
            })
    void a_level_that_would_break_topics_is_refused(String level) {
        assertThrows(WindhoverException.class, () -> new Topics("windhover", level));
        assertThrows(WindhoverException.class, () -> new Topics("windhover", "here").state(level));
        assertThrows(
                WindhoverException.class, () -> new Topics("farm/" + (level.equals("a/b") ? "a//b" : level), "here"));
    }

    @Test
    void levels_and_prefixes_have_sensible_lengths() {
        assertThrows(WindhoverException.class, () -> new Topics("windhover", "a".repeat(65)));
        assertThrows(WindhoverException.class, () -> new Topics("a/".repeat(120) + "a", "here"));
        assertEquals("vogelschar/höhle/available", new Topics("vogelschar", "höhle").available());
    }

    @Test
    void a_password_comes_from_a_file_or_the_environment(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), " s3cret\r\n");
        assertEquals(" s3cret", Passwords.read(Map.of(Passwords.FILE_VARIABLE, file.toString())));
        assertEquals("s3cret", Passwords.read(Map.of(Passwords.VARIABLE, "s3cret")));
        assertEquals(null, Passwords.read(Map.of()));
    }

    @Test
    void a_password_file_that_is_none_is_refused_without_repeating_it(@TempDir Path folder) throws IOException {
        Path empty = Files.writeString(folder.resolve("empty"), "\n");
        Path large = Files.writeString(folder.resolve("large"), "secret".repeat(1000));
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'s', 'e', 'c', 'r', 'e', 't', (byte) 0xff});
        for (String name : new String[] {
            empty.toString(),
            large.toString(),
            binary.toString(),
            folder.toString(),
            folder + "/absent",
            "/dev/zero",
            ""
        }) {
            WindhoverException refusal = assertThrows(
                    WindhoverException.class, () -> Passwords.read(Map.of(Passwords.FILE_VARIABLE, name)), name);
            assertFalse(refusal.getMessage().contains("secret"), refusal.getMessage());
        }
        assertThrows(WindhoverException.class, () -> Passwords.read(Map.of(Passwords.VARIABLE, "")));
        assertThrows(
                WindhoverException.class,
                () -> Passwords.read(Map.of(Passwords.VARIABLE, "a", Passwords.FILE_VARIABLE, "b")));
    }

    @Test
    @Timeout(10)
    void a_password_is_not_waited_for_at_a_pipe(@TempDir Path folder) throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        for (Path file : List.of(pipe, folder)) {
            WindhoverException refusal = assertThrows(
                    WindhoverException.class, () -> Passwords.read(Map.of(Passwords.FILE_VARIABLE, file.toString())));
            assertTrue(refusal.getMessage().contains("is no regular file"), refusal.getMessage());
        }
    }

    @Test
    void nodes_are_named_after_their_machine_without_revealing_its_id(@TempDir Path folder) throws IOException {
        Path one = Files.writeString(folder.resolve("one"), "0123456789abcdef0123456789abcdef\n");
        Path two = Files.writeString(folder.resolve("two"), "fedcba9876543210fedcba9876543210\n");
        assertEquals(NodeName.of(one), NodeName.of(one));
        assertNotEquals(NodeName.of(one), NodeName.of(two));
        assertFalse(NodeName.of(one).contains("01234567"));
        assertTrue(NodeName.of(folder.resolve("absent")).startsWith("node-"));
        assertEquals(NodeName.ofThisMachine(), NodeName.ofThisMachine());
    }

    @Test
    void what_stays_on_this_machine_is_told_from_the_hosts_name() {
        for (String host : new String[] {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]"}) {
            assertTrue(BrokerAddress.parse("mqtt://" + host).isLoopback(), host);
        }
        for (String host : new String[] {"localhost.example", "1127.0.0.1", "[::2]", "broker", "192.168.127.1"}) {
            assertFalse(BrokerAddress.parse("mqtt://" + host).isLoopback(), host);
        }
    }
}
