// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.windhover.runtime.exception.WindhoverException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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

    @Test
    void messages_are_acknowledged_in_the_order_they_came() {
        List<Integer> acknowledged = new ArrayList<>();
        Acknowledgements acknowledgements = new Acknowledgements(acknowledged::add);
        List<Runnable> taken = Stream.of(5, 6, 7).map(acknowledgements::arrived).toList();
        taken.get(1).run();
        assertEquals(List.of(), acknowledged);
        taken.get(0).run();
        taken.get(0).run();
        assertEquals(List.of(5, 6), acknowledged);
        taken.get(2).run();
        assertEquals(List.of(5, 6, 7), acknowledged);
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
