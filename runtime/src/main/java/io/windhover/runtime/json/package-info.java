// SPDX-License-Identifier: Apache-2.0
/** JSON that strangers write. */
@NullMarked
package io.windhover.runtime.json;

import org.jspecify.annotations.NullMarked;
