// SPDX-License-Identifier: Apache-2.0
/** How a node is: counters, latencies, and what of it can be changed while it runs. */
@NullMarked
package io.windhover.runtime.serve.monitor;

import org.jspecify.annotations.NullMarked;
