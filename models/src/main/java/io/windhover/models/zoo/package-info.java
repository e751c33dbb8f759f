// SPDX-License-Identifier: Apache-2.0
/** Networks by name: one readable definition each. Untrained members have seeded weights of realistic scales. */
@NullMarked
package io.windhover.models.zoo;

import org.jspecify.annotations.NullMarked;
