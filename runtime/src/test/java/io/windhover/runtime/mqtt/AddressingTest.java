package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.WindhoverException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
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
    void credentials_are_decoded_and_never_shown() {
        BrokerAddress address = BrokerAddress.parse("mqtts://bird:s%40cret+@broker.local");
        assertEquals("bird", address.user());
        assertEquals("s@cret+", address.password());
        assertFalse(address.toString().contains("cret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "broker.local", "http://broker.local", "mqtt://", "mqtt://bad host:secret@x", "mqtt:broker"})
    void what_is_no_address_is_refused_without_repeating_it(String url) {
        String message = assertThrows(WindhoverException.class, () -> BrokerAddress.parse(url)).getMessage();
        assertTrue(message.contains("mqtt://HOST"), message);
        assertFalse(message.contains("secret"), message);
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
    @ValueSource(strings = {"", " ", "a/b", "+", "#", "a#", "$SYS", "/a", "a\n"})
    void a_node_that_would_break_topics_is_refused(String node) {
        assertThrows(WindhoverException.class, () -> new Topics("windhover", node));
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
}
