// SPDX-License-Identifier: Apache-2.0
/**
 * A node's live page, health, metrics and control over HTTP, as {@code runtime/doc/http.md} describes them. Strangers
 * may connect: every wait for a client has a limit, and so has the number of clients.
 */
@NullMarked
package io.windhover.runtime.serve.http;

import org.jspecify.annotations.NullMarked;
