// SPDX-License-Identifier: Apache-2.0
package io.windhover.driver;

/** Why a driver call did not succeed; the codes of {@code windhover.h}. */
public enum Status {
    INVALID_ARGUMENT(-1, "an argument is out of range"),
    NOT_FOUND(-2, "there is no such device"),
    CONTRACT_MISMATCH(-3, "device and driver were built from different contracts"),
    NO_MEMORY(-4, "no memory is left"),
    TIMEOUT(-5, "the device did not finish in time"),
    DEVICE_FAULT(-6, "the device stopped the job"),
    BUSY(-7, "it is still in use"),
    TRANSPORT_FAILED(-8, "the device no longer answers; open it again"),
    ABORTED(-9, "a reset ended the job; submit it again"),
    DEVICE_DEAD(
            -10, "the device's memory does not answer, so it takes no more jobs; open it again when the memory does");

    /** What a call returns that succeeded. */
    static final int OK = 0;

    private final int code;
    private final String meaning;

    Status(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    String meaning() {
        return meaning;
    }

    static Status of(int code) {
        for (Status status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        throw new IllegalStateException("the driver library answered with the unknown status " + code);
    }
}
