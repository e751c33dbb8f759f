// SPDX-License-Identifier: Apache-2.0
/** Networks with weights from a seeded generator at realistic scales: for the zoo's untrained members and for tests. */
@NullMarked
package io.windhover.models.synthetic;

import org.jspecify.annotations.NullMarked;
