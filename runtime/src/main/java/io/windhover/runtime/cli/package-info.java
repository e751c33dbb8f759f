// SPDX-License-Identifier: Apache-2.0
/** The command line. Nothing else imports it. */
@NullMarked
package io.windhover.runtime.cli;

import org.jspecify.annotations.NullMarked;
