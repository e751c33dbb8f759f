// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/**
 * An input of a job as the accelerator reads it: packed NHWC bytes of the tensor's own type.
 *
 * @param tensor index in the graph
 * @param offset first byte in the region, a multiple of {@link Regions#ALIGNMENT}; 0 in a region of its own
 * @param tensorBytes bytes of the tensor
 * @param regionBytes the same rounded up to whole 64-bit words
 */
public record InputLocation(int tensor, int region, long offset, int tensorBytes, int regionBytes) {
    /** An input with a region of its own. */
    public InputLocation(int tensor, int region, int tensorBytes, int regionBytes) {
        this(tensor, region, 0, tensorBytes, regionBytes);
    }

    /** One past its last byte in the region. */
    public long end() {
        return offset + regionBytes;
    }
}
