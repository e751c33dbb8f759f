// SPDX-License-Identifier: Apache-2.0
/** What a session makes of many examples: how often it is right, and inputs to calibrate a float network with. */
@NullMarked
package io.windhover.runtime.evaluation;

import org.jspecify.annotations.NullMarked;
