// Generated from hdl/contract/contract.yaml by `./windhover contract`.
// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

/** Why the accelerator stops a job; the ordinal is the code. */
public enum FaultCode {
    NONE("no fault"),
    ILLEGAL_COMMAND("unknown opcode or a field outside its range"),
    READ_ERROR("the memory answered a read with an error"),
    WRITE_ERROR("the memory answered a write with an error"),
    OUT_OF_REGION("a burst would leave the command's memory region"),
    OUT_OF_MEMORY("an on-chip address is beyond the memory"),
    WATCHDOG("no command completed for WATCHDOG_CYCLES"),
    TOKEN_OVERFLOW("a queue pair held more than TOKEN_LIMIT tokens"),
    TOKENS_LEFT("the program ended with tokens unconsumed: its waits and signals do not balance"),
    READ_ONLY_REGION("a store names a region that REGION_WRITABLE does not open for writing");

private final String meaning;

FaultCode(String meaning) {
    this.meaning = meaning;
}

public String meaning() {
    return meaning;
}
}
