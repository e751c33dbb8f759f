// SPDX-License-Identifier: Apache-2.0
/**
 * What a network is: graphs, importers, the reference arithmetic, the container and the zoo. Nothing here knows any
 * hardware.
 */
@NullMarked
package io.windhover.models;

import org.jspecify.annotations.NullMarked;
