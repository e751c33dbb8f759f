// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/** Memory regions of a program. */
public final class Regions {
    private Regions() {}

    /** ConstantPool, then the program; only read. */
    public static final int CONSTANTS = 0;
    /** Maps that do not stay on chip; in a program that keeps every tensor, those tensors. */
    public static final int SCRATCH = 1;
    /**
     * The first input; further inputs and then the outputs follow in regions of their own. Where there are more of them
     * than regions, this one holds all inputs and the next one all outputs.
     */
    public static final int INPUT = 2;
    /** Where tensors that share a region begin: multiples of this. */
    public static final int ALIGNMENT = 64;

    /** The next offset at which a tensor of a shared region may begin. */
    public static long aligned(long end) {
        return (end + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
