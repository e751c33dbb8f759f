// SPDX-License-Identifier: Apache-2.0
/** What the service costs, measured on a running one: {@code ./windhover benchmark service}. */
package io.windhover.benchmark.service;
