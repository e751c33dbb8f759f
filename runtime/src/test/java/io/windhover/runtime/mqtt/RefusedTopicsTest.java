// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RefusedTopicsTest {
    private final RefusedTopics topics = new RefusedTopics();

    @Test
    void topics_that_are_refused_in_turn_are_said_once_an_hour() {
        assertTrue(topics.isDue("a", 0));
        assertTrue(topics.isDue("b", 1));
        assertFalse(topics.isDue("a", 2));
        assertFalse(topics.isDue("b", 3));
        assertTrue(topics.isDue("a", RefusedTopics.PAUSE_NANOS));
    }

    @Test
    void strangers_topics_fill_neither_log_nor_memory() {
        for (int i = 0; i < RefusedTopics.MOST; i++) {
            assertTrue(topics.isDue("topic " + i, 0));
        }
        assertFalse(topics.isDue("another", 0));
    }

    @Test
    void a_topic_whose_refusal_ended_the_connection_is_avoided_for_a_while() {
        topics.refuse("a", 0);
        assertFalse(topics.isAvoided("a", 1, 1));
        assertTrue(topics.lose(RefusedTopics.SOON_NANOS - 1));
        assertTrue(topics.isAvoided("a", 1, RefusedTopics.SOON_NANOS));
        assertFalse(topics.isAvoided("b", 1, RefusedTopics.SOON_NANOS));
        assertFalse(topics.lose(RefusedTopics.SOON_NANOS), "for no refusal since");
        assertFalse(topics.isAvoided("a", 1, RefusedTopics.AVOIDED_NANOS + RefusedTopics.SOON_NANOS));
        topics.refuse("b", 0);
        assertFalse(topics.lose(RefusedTopics.SOON_NANOS), "long after the refusal");
    }

    @Test
    void messages_too_large_for_the_broker_are_avoided_and_smaller_ones_are_not() {
        assertTrue(topics.avoid("a", 900, 0));
        assertTrue(topics.isAvoided("a", 900, 1));
        assertFalse(topics.isAvoided("a", 899, 1));
    }

    @Test
    void the_number_of_avoided_topics_is_bounded() {
        for (int i = 0; i < RefusedTopics.MOST; i++) {
            assertTrue(topics.avoid("topic " + i, 0, 0));
        }
        assertFalse(topics.avoid("another", 0, 0));
        assertTrue(topics.avoid("another", 0, RefusedTopics.AVOIDED_NANOS));
    }
}
