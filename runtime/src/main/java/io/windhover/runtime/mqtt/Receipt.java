// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

/** Says what became of a message that a broker brought. The first word counts; it may be said from any thread. */
@FunctionalInterface
public interface Receipt {
    /** The broker needs not bring it again. */
    void taken();

    /** What was done for it came to nothing: where the broker brings it again, it is handed over again. */
    default void lost() {}
}
