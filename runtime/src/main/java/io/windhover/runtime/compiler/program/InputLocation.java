// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/**
 * A network input as the accelerator reads it: packed NHWC bytes of the tensor's own type from the start of its region.
 *
 * @param tensor index in the graph
 * @param tensorBytes bytes of the tensor
 * @param regionBytes the same rounded up to whole 64-bit words
 */
public record InputLocation(int tensor, int region, int tensorBytes, int regionBytes) {}
