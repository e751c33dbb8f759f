// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.driver.contract.Contract.Queue;
import io.windhover.driver.contract.Fields;
import java.util.List;

/**
 * A command with what it touches.
 *
 * @param cycles estimated duration from start to completion
 */
record Instruction(Command command, Queue queue, int layer, List<Access> accesses, long cycles) {
    Instruction {
        command.set(Fields.LoadMap.LAYER, layer);
        accesses = List.copyOf(accesses);
    }

    boolean conflicts(Instruction other) {
        for (Access mine : accesses) {
            for (Access theirs : other.accesses) {
                if (mine.conflicts(theirs)) {
                    return true;
                }
            }
        }
        return false;
    }
}
