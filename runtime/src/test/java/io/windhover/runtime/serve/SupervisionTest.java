// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.runtime.serve.monitor.NodeState;
import io.windhover.runtime.serve.monitor.NodeState.Activity;
import io.windhover.runtime.serve.monitor.NodeState.BrokerState;
import io.windhover.runtime.serve.monitor.NodeState.DeviceState;
import io.windhover.runtime.serve.monitor.NodeState.StreamState;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SupervisionTest {
    private static NodeState state(int streams, @Nullable String trouble, @Nullable BrokerState broker) {
        StreamState stream =
                new StreamState("s", "m", Activity.RUNNING, null, 0, 0, 0, 0, 0, 0, 0, List.of(), List.of(), Map.of());
        return new NodeState(
                "pad",
                "1",
                0,
                true,
                new DeviceState("functional:", trouble, 0, 0),
                List.of(),
                Collections.nCopies(streams, stream),
                broker,
                0,
                Map.of());
    }

    @Test
    void the_status_counts_as_people_do() {
        assertEquals("STATUS=1 stream, 1 frame", Supervision.status(state(1, null, null), 1));
        assertEquals("STATUS=2 streams, 0 frames", Supervision.status(state(2, null, null), 0));
        assertEquals(
                "STATUS=1 stream, 9 frames, the device is offline, the broker is away",
                Supervision.status(
                        state(1, "It hangs.", new BrokerState("mqtt://b", false, 0, 0, 0, 0, 0, 0, true, 0)), 9));
    }
}
