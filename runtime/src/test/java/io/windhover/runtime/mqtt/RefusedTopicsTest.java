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
}
