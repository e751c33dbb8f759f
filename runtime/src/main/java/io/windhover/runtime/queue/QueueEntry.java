// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.queue;

/**
 * An entry as it was put in.
 *
 * @param sequence larger than that of every entry put in before, also by earlier processes
 */
public record QueueEntry(long sequence, byte[] body) {}
