// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Cuts a list of output positions, each made of an input position, into runs in which both advance by constant steps.
 */
public final class Progressions {
    /**
     * Output {@code output + i * outputStep} is made of input {@code input + i * inputStep}, for i below {@code count}.
     */
    public record Run(int output, int outputStep, int input, int inputStep, int count) {}

    private final int[] outputs;
    private final int[] inputs;
    private final int largestStep;
    private final BitSet left = new BitSet();

    private Progressions(int[] outputs, int[] inputs, int largestStep) {
        this.outputs = outputs;
        this.inputs = inputs;
        this.largestStep = largestStep;
        left.set(0, outputs.length);
    }

    /** {@code outputs} ascend; inputs advance by 1 to {@code largestStep} within a run. */
    public static List<Run> of(int[] outputs, int[] inputs, int largestStep) {
        Progressions search = new Progressions(outputs, inputs, largestStep);
        List<Run> runs = new ArrayList<>();
        while (!search.left.isEmpty()) {
            runs.add(search.longest(search.left.nextSetBit(0)));
        }
        return runs;
    }

    /** The longest run from this position on; its positions are taken. */
    private Run longest(int first) {
        BitSet best = new BitSet();
        best.set(first);
        for (int second = left.nextSetBit(first + 1); second >= 0; second = left.nextSetBit(second + 1)) {
            int step = inputs[second] - inputs[first];
            if (step >= 1 && step <= largestStep) {
                BitSet run = run(first, outputs[second] - outputs[first], step);
                best = run.cardinality() > best.cardinality() ? run : best;
            }
        }
        left.andNot(best);
        int next = best.nextSetBit(first + 1);
        return next < 0
                ? new Run(outputs[first], 1, inputs[first], 1, 1)
                : new Run(
                        outputs[first],
                        outputs[next] - outputs[first],
                        inputs[first],
                        inputs[next] - inputs[first],
                        best.cardinality());
    }

    private BitSet run(int first, int outputStep, int inputStep) {
        BitSet run = new BitSet();
        run.set(first);
        int last = first;
        for (int next = left.nextSetBit(first + 1); next >= 0; next = left.nextSetBit(next + 1)) {
            if (outputs[next] - outputs[last] == outputStep && inputs[next] - inputs[last] == inputStep) {
                run.set(next);
                last = next;
            }
        }
        return run;
    }
}
