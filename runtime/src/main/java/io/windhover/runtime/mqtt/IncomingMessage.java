// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * A message that a broker brought.
 *
 * @param payload not to be changed
 * @param retained the broker kept it; nobody sent it just now
 * @param answerTo the topic that an answer is wanted at; null for none
 * @param correlation goes back with the answer as it is; null for none
 * @param readable whether its properties could be read; else all that they say is missing
 * @param receipt to be told once the message needs not be brought again; until then the broker brings it again after a
 *     break
 */
public record IncomingMessage(
        String topic,
        byte[] payload,
        boolean retained,
        @Nullable String answerTo,
        byte @Nullable [] correlation,
        boolean readable,
        Receipt receipt) {}
