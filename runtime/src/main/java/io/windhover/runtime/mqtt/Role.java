// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

/** What a publisher is to its node. */
public enum Role {
    /**
     * Owns the node: its client id, its will and its {@code available}, {@code status} and {@code stats} topics. One a
     * node.
     */
    SERVICE,
    /** Publishes results only, under a client id of its own; any number beside each other and beside a service. */
    GUEST
}
