// SPDX-License-Identifier: Apache-2.0
/**
 * Publishing over MQTT 5, and the only package that touches an MQTT library.
 * {@link io.windhover.runtime.mqtt.Publisher} takes messages without ever blocking its caller; its own thread connects,
 * reconnects and delivers.
 */
@NullMarked
package io.windhover.runtime.mqtt;

import org.jspecify.annotations.NullMarked;
