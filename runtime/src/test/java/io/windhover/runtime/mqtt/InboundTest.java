// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.runtime.exception.WindhoverException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class InboundTest {
    private static final Topics TOPICS = new Topics("farm/north", "here");

    @ParameterizedTest
    @CsvSource({
        "a/b, a/b, true",
        "a/b, a/c, false",
        "a/b, a/b/c, false",
        "a/b/c, a/b, false",
        "a/+, a/b, true",
        "a/+, a/b/c, false",
        "a/+/c, a/b/c, true",
        "a/#, a/b/c, true",
        "a/#, a, true",
        "a/#, b, false",
        "#, a/b, true",
        "#, $SYS/a, false",
        "+/a, $SYS/a, false",
        "$share/group/a/b, a/b, true",
        "$share/group/a/b, b, false",
    })
    void filters_cover_what_mqtt_says(String filter, String topic, boolean covered) {
        assertEquals(covered, new Subscription(filter, 1, message -> {}).covers(topic));
    }

    private final List<Integer> acknowledged = new ArrayList<>();
    private final Acknowledgements acknowledgements = new Acknowledgements();
    private int link;

    private @Nullable Receipt arrived(int id, String payload) {
        MqttMessage message = new MqttMessage(payload.getBytes(StandardCharsets.UTF_8));
        message.setId(id);
        return acknowledgements.arrived(link, "topic", message);
    }

    private Receipt fresh(int id) {
        return Objects.requireNonNull(arrived(id, "message " + id));
    }

    @Test
    void messages_are_acknowledged_in_the_order_they_came() {
        link = acknowledgements.begin(acknowledged::add);
        List<Receipt> receipts = Stream.of(5, 6, 7).map(this::fresh).toList();
        receipts.get(1).taken();
        assertEquals(List.of(), acknowledged);
        receipts.get(0).taken();
        receipts.get(0).taken();
        assertEquals(List.of(5, 6), acknowledged);
        receipts.get(2).taken();
        assertEquals(List.of(5, 6, 7), acknowledged);
    }

    @Test
    void what_is_in_hand_when_the_link_breaks_is_not_handed_out_again() {
        link = acknowledgements.begin(id -> true);
        Receipt first = fresh(5);
        Receipt second = fresh(6);
        link = acknowledgements.begin(acknowledged::add);
        second.taken();
        assertNull(arrived(5, "message 5"));
        assertNull(arrived(6, "message 6"));
        assertEquals(List.of(), acknowledged);
        first.taken();
        assertEquals(List.of(5, 6), acknowledged);
    }

    @Test
    void what_could_not_be_acknowledged_any_more_is_acknowledged_over_the_next_link() {
        link = acknowledgements.begin(id -> false);
        Receipt lost = fresh(5);
        fresh(6).taken();
        lost.lost();
        link = acknowledgements.begin(acknowledged::add);
        fresh(5).taken();
        assertNull(arrived(6, "message 6"));
        assertEquals(List.of(5, 6), acknowledged);
    }

    @Test
    void what_a_broken_link_still_brings_is_not_handed_out_again() {
        int before = acknowledgements.begin(id -> true);
        int now = acknowledgements.begin(acknowledged::add);
        link = before;
        Receipt late = fresh(5);
        link = now;
        assertNull(arrived(5, "message 5"));
        Receipt early = fresh(6);
        link = before;
        assertNull(arrived(6, "message 6"));
        early.taken();
        late.taken();
        assertEquals(List.of(5, 6), acknowledged);
    }

    @Test
    void what_was_lost_is_handed_out_again_over_the_next_link() {
        link = acknowledgements.begin(id -> true);
        Receipt first = fresh(5);
        Receipt second = fresh(6);
        Receipt third = fresh(7);
        second.lost();
        link = acknowledgements.begin(acknowledged::add);
        third.lost();
        assertNull(arrived(5, "message 5"));
        Receipt again = fresh(6);
        fresh(7).taken();
        first.taken();
        again.taken();
        assertEquals(List.of(5, 6, 7), acknowledged);
    }

    @Test
    void what_was_lost_over_the_link_of_now_does_not_stop_the_others() {
        link = acknowledgements.begin(acknowledged::add);
        Receipt first = fresh(5);
        Receipt second = fresh(6);
        second.lost();
        first.taken();
        first.lost();
        assertEquals(List.of(5, 6), acknowledged);
    }

    @Test
    void another_message_of_the_same_number_is_handed_out() {
        link = acknowledgements.begin(id -> true);
        Receipt lost = fresh(5);
        link = acknowledgements.begin(acknowledged::add);
        assertNotNull(arrived(5, "another"));
        acknowledgements.forget();
        assertNotNull(arrived(5, "message 5"));
        lost.taken();
        assertEquals(List.of(), acknowledged);
    }

    @Test
    void topics_of_commands_requests_and_answers() {
        assertEquals("farm/north/here/camera/set", TOPICS.set("camera"));
        assertEquals("farm/north/here/camera/infer", TOPICS.infer("camera"));
        assertEquals("farm/north/here/camera/answer", TOPICS.answer("camera"));
        assertEquals("farm/north/here/camera/output", TOPICS.output("camera"));
        assertEquals("farm/north/here/camera/detections", TOPICS.detections("camera"));
        assertEquals("farm/north/infer/goats", TOPICS.sharedInfer("goats"));
        assertEquals("$share/goats/farm/north/infer/goats", TOPICS.sharedInferFilter("goats"));
        for (String group : List.of("", "a/b", "+", "#", "$share", "a\0", "a".repeat(65), "answer", "detections")) {
            assertThrows(WindhoverException.class, () -> TOPICS.sharedInferFilter(group), group);
        }
    }

    @ParameterizedTest
    @MethodSource("badAnswerTopics")
    void an_answer_goes_to_no_topic_that_would_do_harm(String topic) {
        assertThrows(WindhoverException.class, () -> TOPICS.requireAnswerTopic(topic));
    }

    static Stream<String> badAnswerTopics() {
        return Stream.of(
                "",
                "a/+",
                "#",
                "$SYS/a",
                "$share/a/b",
                "a\0",
                "a\n",
                "a".repeat(1001),
                "farm/north/here/available",
                "farm/north/other/camera/state",
                "farm/north/infer/goats",
                "farm/north/here/camera/set");
    }

    @Test
    void an_answer_goes_anywhere_else() {
        for (String topic : List.of("client/7/answer", "farm/north/here/camera/answer", "farm/northern", "/a//b")) {
            assertEquals(topic, TOPICS.requireAnswerTopic(topic));
        }
    }
}
