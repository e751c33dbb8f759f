// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private final Backoff backoff = new Backoff(Duration.ofSeconds(30), new Random(1));

    @Test
    void waits_grow_to_the_limit_and_stay_below_it() {
        long longest = 0;
        for (int attempt = 0; attempt < 50; attempt++) {
            long wait = backoff.afterFailureMillis();
            assertTrue(wait >= 250 && wait <= 30_000, "attempt " + attempt + " waits " + wait);
            longest = Math.max(longest, wait);
        }
        assertTrue(longest > 15_000);
    }

    @Test
    void a_connection_that_lasted_starts_over() {
        for (int attempt = 0; attempt < 10; attempt++) {
            backoff.afterFailureMillis();
        }
        assertTrue(backoff.afterLossMillis(Duration.ofMinutes(1).toNanos()) <= 500);
    }

    @Test
    void three_quick_losses_in_a_row_look_like_a_shared_client_id() {
        backoff.afterLossMillis(1000);
        backoff.afterLossMillis(1000);
        assertFalse(backoff.suspectsSharedClientId());
        assertEquals(30_000, backoff.afterLossMillis(1000));
        assertTrue(backoff.suspectsSharedClientId());
        backoff.afterLossMillis(Duration.ofMinutes(1).toNanos());
        assertFalse(backoff.suspectsSharedClientId());
    }

    @Test
    void a_loss_that_is_explained_is_no_sign_of_a_shared_client_id() {
        Backoff backoff = new Backoff(Duration.ofSeconds(30), new Random(1));
        for (int i = 0; i < 4; i++) {
            backoff.afterLossMillis(0);
            backoff.afterLossMillis(0);
            assertTrue(backoff.afterExplainedLossMillis() <= 500);
        }
        assertFalse(backoff.suspectsSharedClientId());
    }
}
