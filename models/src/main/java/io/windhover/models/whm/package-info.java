// SPDX-License-Identifier: Apache-2.0
/**
 * The container of compiled models. The format is written down in {@code models/doc/whm.md}; what sections hold is
 * their writer's business.
 */
@NullMarked
package io.windhover.models.whm;

import org.jspecify.annotations.NullMarked;
