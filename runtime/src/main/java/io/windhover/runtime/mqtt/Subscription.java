// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import java.util.function.Consumer;

/**
 * What a node listens to.
 *
 * @param filter topics, with {@code $share/GROUP/} where nodes share them
 * @param qos 0 or 1
 * @param handler called from a thread of the connection's, one message at a time; it must hand over at once, and
 *     neither publish nor subscribe
 */
public record Subscription(String filter, int qos, Consumer<IncomingMessage> handler) {}
