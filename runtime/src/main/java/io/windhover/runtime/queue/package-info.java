// SPDX-License-Identifier: Apache-2.0
/**
 * A first-in first-out queue in files that outlives the process: {@link io.windhover.runtime.queue.DiskQueue}. Entries
 * are bytes; what they mean is their owner's business. The files are described in {@code runtime/doc/queue.md}.
 */
@NullMarked
package io.windhover.runtime.queue;

import org.jspecify.annotations.NullMarked;
