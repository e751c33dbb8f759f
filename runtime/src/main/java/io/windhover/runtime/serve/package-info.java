// SPDX-License-Identifier: Apache-2.0
/**
 * The service: a node that runs for months and tells MQTT what it sees. {@link io.windhover.runtime.serve.Service} is
 * where to begin; what it is told is in {@code configuration}, how it is in {@code monitor}.
 */
@NullMarked
package io.windhover.runtime.serve;

import org.jspecify.annotations.NullMarked;
