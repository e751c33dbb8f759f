// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

/** Memory regions of a program. */
public final class Regions {
    private Regions() {}

    /** ConstantPool, then the program; only read. */
    public static final int CONSTANTS = 0;
    /** Maps that do not stay on chip; in a program that keeps every tensor, those tensors. */
    public static final int SCRATCH = 1;
    /** The first input; further inputs and then the outputs follow. */
    public static final int INPUT = 2;
}
