// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.emission;

import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Int8Convolution;
import io.windhover.contract.Post;
import io.windhover.contract.Queue;
import io.windhover.contract.Vector;
import io.windhover.contract.VectorOperation;
import io.windhover.contract.XnorConvolution;
import io.windhover.driver.Capabilities;
import io.windhover.runtime.compiler.program.CommandFloor;
import io.windhover.runtime.compiler.program.ScheduledCommand;

/**
 * What a running command keeps from others, and how much of it they need: INT8 comes first at the banks, and at the
 * requantisers after XNOR.
 *
 * @param banks the share of the banks that INT8 reads in a cycle
 * @param requantises the share of cycles in which INT8 or XNOR holds the requantisers
 * @param words cycles from one requantised word of VECTOR to the next; 0 where it requantises none
 */
record Contention(Queue queue, double banks, double requantises, double words) {
    /** Requantisers that XNOR uses. */
    private static final int XNOR_REQUANTISERS = 4;
    /** Work goes on: a share of the requantisers is always left over. */
    private static final double LEAST = 0.05;

    static Contention of(ScheduledCommand command, Capabilities capabilities) {
        return switch (command.queue()) {
            case INT8 -> int8(command, capabilities);
            case XNOR -> new Contention(Queue.XNOR, 0, xnorRequantises(command, capabilities.xnorLanes()), 0);
            case VECTOR -> new Contention(Queue.VECTOR, 0, 0, vectorWords(command));
            default -> new Contention(command.queue(), 0, 0, 0);
        };
    }

    private static Contention int8(ScheduledCommand command, Capabilities capabilities) {
        long pixels = get(command, Int8Convolution.SINGLE) != 0 ? 1 : capabilities.int8Pixels();
        double blocks = get(command, Int8Convolution.CHANNEL_BLOCKS);
        double words = get(command, Int8Convolution.DEPTHWISE) != 0
                ? get(command, Int8Convolution.WINDOW_HEIGHT)
                        * (get(command, Int8Convolution.WINDOW_WIDTH) + pixels - 1)
                : pixels * blocks / Math.ceil(blocks * Contract.BLOCK_CHANNELS / capabilities.int8Reduction());
        double requantised = 0;
        if (is(command, Int8Convolution.POST, Post.REQUANTISE) && get(command, Int8Convolution.KEEP) == 0) {
            double outputs = (double) get(command, Int8Convolution.GROUPS)
                    * get(command, Int8Convolution.OUT_ROWS)
                    * get(command, Int8Convolution.OUT_COLUMNS);
            requantised = outputs / pixels * (get(command, Int8Convolution.WIDE) + 1) / command.cycles();
        }
        return new Contention(Queue.INT8, words / Contract.ACTIVATION_BANKS, Math.min(1, requantised), 0);
    }

    private static double xnorRequantises(ScheduledCommand command, int lanes) {
        if (!is(command, XnorConvolution.POST, Post.REQUANTISE)) {
            return 0;
        }
        double positions = (double) get(command, XnorConvolution.GROUPS)
                * get(command, XnorConvolution.OUT_ROWS)
                * get(command, XnorConvolution.OUT_COLUMNS);
        return Math.min(1, positions * lanes / XNOR_REQUANTISERS / command.cycles());
    }

    private static double vectorWords(ScheduledCommand command) {
        return switch (VectorOperation.values()[(int) get(command, Vector.OPERATION)]) {
            case ADD, MULTIPLY -> 2;
            case AVERAGE_POOL ->
                (double) CommandFloor.vectorCycles(
                                VectorOperation.AVERAGE_POOL,
                                get(command, Vector.OUT_COLUMNS),
                                get(command, Vector.KERNEL_HEIGHT),
                                get(command, Vector.KERNEL_WIDTH),
                                get(command, Vector.STRIDE_X),
                                get(command, Vector.PAD_LEFT))
                        / get(command, Vector.OUT_COLUMNS);
            default -> 0;
        };
    }

    /** Speed of this command, at most 1, while the other runs. */
    double rateBeside(Contention other) {
        double rate = queue == Queue.XNOR || queue == Queue.VECTOR ? 1 - other.banks : 1;
        if (queue == Queue.VECTOR && words > 0) {
            rate = Math.min(rate, words * (1 - other.requantises));
        }
        if (queue == Queue.INT8 && requantises > 0 && other.queue == Queue.XNOR) {
            rate = Math.min(rate, 1 - other.requantises);
        }
        return Math.max(LEAST, Math.min(1, rate));
    }

    private static long get(ScheduledCommand command, Field field) {
        return field.get(command.command().words(), 0);
    }

    private static boolean is(ScheduledCommand command, Field field, Post post) {
        return get(command, field) == post.ordinal();
    }
}
