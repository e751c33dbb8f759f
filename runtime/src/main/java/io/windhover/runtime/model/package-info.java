// SPDX-License-Identifier: Apache-2.0
/** Models before they are resident on a device, and where they are found: files, folders, the zoo. */
@NullMarked
package io.windhover.runtime.model;

import org.jspecify.annotations.NullMarked;
