// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

import io.windhover.contract.FaultCode;

/**
 * Why the accelerator stopped a job.
 *
 * @param code what was wrong
 * @param command index of the command at fault in the program
 * @param detail queue index, or low bits of an address
 */
public record Fault(FaultCode code, int command, int detail) {
    @Override
    public String toString() {
        return code + " at command " + command + " (" + code.meaning() + "; detail 0x" + Integer.toHexString(detail)
                + ")";
    }
}
