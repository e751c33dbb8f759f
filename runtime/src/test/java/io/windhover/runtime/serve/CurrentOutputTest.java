// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.runtime.Classification;
import io.windhover.runtime.model.Model;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CurrentOutputTest {
    private static final int RESULTS = 20_000;

    private final List<String> taken = Collections.synchronizedList(new ArrayList<>());

    /** Takes results until it is closed. */
    private final class Recorder implements NodeOutput {
        private volatile boolean drained;
        private volatile boolean closed;

        @Override
        public byte[] classification(
                String stream, Model model, String source, Classification result, boolean publish, Runnable safe) {
            if (!closed) {
                taken.add(source);
            }
            return new byte[0];
        }

        @Override
        public void drain(Set<String> keep) {
            drained = true;
        }

        @Override
        public void close() {
            assertTrue(drained);
            closed = true;
        }
    }

    @Test
    void results_that_come_while_outputs_change_are_taken_by_one_of_them() throws InterruptedException {
        CurrentOutput output = new CurrentOutput();
        output.become(Recorder::new, Set.of());
        Thread results = new Thread(() -> {
            for (int i = 0; i < RESULTS; i++) {
                output.classification("camera", null, Integer.toString(i), null, true, () -> {});
            }
        });
        results.start();
        while (results.isAlive()) {
            output.become(Recorder::new, Set.of());
        }
        results.join();
        assertEquals(RESULTS, taken.size());
    }
}
