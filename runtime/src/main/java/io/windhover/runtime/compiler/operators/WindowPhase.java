// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.runtime.compiler.program.FieldLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Every so many outputs of a dilated window in one direction, which read every so many inputs only: a window of less
 * dilation over these. It has no taps where all of them lie outside the map.
 *
 * @param firstOutput the first output; the others follow {@code outputStep} apart
 * @param firstInput the first input that is read; the others follow {@code inputStep} apart
 * @param firstTap the first tap that meets the map
 * @param before padding before the first of these inputs
 */
record WindowPhase(
        int firstOutput,
        int outputStep,
        int outputs,
        int firstInput,
        int inputStep,
        int inputs,
        int firstTap,
        int taps,
        int stride,
        int dilation,
        int before) {
    /** The phases that a window has to be taken in so that commands can name its dilation; one where they can. */
    static List<WindowPhase> of(int kernel, int stride, int dilation, int padding, int inputs, int outputs) {
        WindowPhase whole = of(0, 1, kernel, stride, dilation, padding, inputs, outputs);
        int step = whole.taps <= 1 ? 1 : leastStep(dilation);
        List<WindowPhase> phases = new ArrayList<>();
        for (int first = 0; first < Math.min(outputs, step / gcd(step, stride)); first++) {
            phases.add(of(first, step, kernel, stride, dilation, padding, inputs, outputs));
        }
        return phases;
    }

    private static int leastStep(int dilation) {
        return IntStream.rangeClosed(1, dilation)
                .filter(step -> dilation % step == 0 && dilation / step <= FieldLimits.DILATION)
                .findFirst()
                .orElseThrow();
    }

    private static WindowPhase of(
            int firstOutput, int step, int kernel, int stride, int dilation, int padding, int inputs, int outputs) {
        int outputStep = step / gcd(step, stride);
        int count = (outputs - firstOutput + outputStep - 1) / outputStep;
        int ownStride = stride * outputStep / step;
        int ownDilation = dilation / step;
        int start = firstOutput * stride - padding;
        int phase = Math.floorMod(start, step);
        int base = Math.floorDiv(start, step);
        int own = phase < inputs ? (inputs - phase + step - 1) / step : 0;
        int[] met = IntStream.range(0, kernel)
                .filter(tap -> meets(base + tap * ownDilation, ownStride, count, own))
                .toArray();
        if (met.length == 0) {
            return new WindowPhase(firstOutput, outputStep, count, 0, 1, inputs, 0, 0, 1, 1, 0);
        }
        int low = base + met[0] * ownDilation;
        int high = base + met[met.length - 1] * ownDilation + (count - 1) * ownStride;
        int skipped = Math.max(0, low);
        return new WindowPhase(
                firstOutput,
                outputStep,
                count,
                phase + skipped * step,
                step,
                Math.min(own, high + 1) - skipped,
                met[0],
                met[met.length - 1] - met[0] + 1,
                ownStride,
                ownDilation,
                Math.max(0, -low));
    }

    /** True when one of {@code count} positions from {@code first} on lies on the map. */
    private static boolean meets(int first, int stride, int count, int size) {
        int outside = first < 0 ? (-first + stride - 1) / stride : 0;
        return outside < count && first + outside * stride < size;
    }

    /** True when these are all inputs. */
    boolean readsAllOf(int size) {
        return firstInput == 0 && inputStep == 1 && inputs == size;
    }

    /** Padding after the last of these inputs. */
    int after() {
        return Math.max(0, (outputs - 1) * stride + (Math.max(taps, 1) - 1) * dilation + 1 - before - inputs);
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }
}
