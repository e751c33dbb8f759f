// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Header;
import io.windhover.contract.Queue;
import java.util.List;

/**
 * A command with what it touches.
 *
 * @param cycles estimated duration from start to completion
 */
public record ScheduledCommand(Command command, Queue queue, int layer, List<MemoryAccess> accesses, long cycles) {
    public ScheduledCommand {
        command.set(Header.LAYER, layer);
        accesses = List.copyOf(accesses);
    }

    public boolean conflicts(ScheduledCommand other) {
        for (MemoryAccess mine : accesses) {
            for (MemoryAccess theirs : other.accesses) {
                if (mine.conflicts(theirs)) {
                    return true;
                }
            }
        }
        return false;
    }
}
