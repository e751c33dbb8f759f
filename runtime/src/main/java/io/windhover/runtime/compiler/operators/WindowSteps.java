// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.contract.Contract;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Padding;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.Window;
import io.windhover.runtime.compiler.lowering.DenseAssembly;
import io.windhover.runtime.compiler.lowering.Fusions;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.program.FieldLimits;
import io.windhover.runtime.compiler.program.Strided;
import io.windhover.runtime.compiler.program.TensorLocation;
import io.windhover.runtime.compiler.stage.Geometry;
import java.util.List;
import java.util.function.Consumer;

/**
 * Windows that no command can name, as operators of which commands can name each. Of a stride a divisor is taken, and
 * of what that makes every so many pixels; a dilated convolution is taken phase by phase, each over the pixels that it
 * reads; a border is made in several parts. What is made on the way are temporary tensors.
 */
final class WindowSteps {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final Fusions fusions;
    private final Consumer<Operator> lowering;

    /** @param lowering of any operator, by way of this as well */
    WindowSteps(LoweringState state, TensorMaps tensors, Fusions fusions, Consumer<Operator> lowering) {
        this.state = state;
        this.tensors = tensors;
        this.fusions = fusions;
        this.lowering = lowering;
    }

    /** False, and nothing done, where commands can name the window or nothing is to be taken in steps. */
    boolean lower(Operator operator) {
        if (!state.stepwise) {
            return false;
        }
        if (operator instanceof Pad pad) {
            return border(pad);
        }
        Shape out = state.tensor(operator.outputs()[0]).shape();
        SlidingOperator sliding = SlidingOperator.of(operator, fusions.padBefore(operator), out);
        if (sliding == null || !lower(sliding, sliding.window())) {
            return false;
        }
        LookupTable table = fusions.tableAfter(operator);
        if (table != null) {
            lowering.accept(table);
        }
        return true;
    }

    private boolean lower(SlidingOperator sliding, Window window) {
        boolean isNameable = Math.max(window.kernelHeight(), window.kernelWidth()) <= FieldLimits.KERNEL;
        if (sliding.isConvolution() && (!isNameable || isLongWindow(sliding, window))) {
            return false;
        }
        Padding padding = window.padding();
        if (Math.max(window.strideY(), window.strideX()) > FieldLimits.STRIDE) {
            strided(sliding, window);
        } else if (!sliding.isConvolution()) {
            return false;
        } else if (Math.max(window.dilationY(), window.dilationX()) > FieldLimits.DILATION) {
            dilated(sliding, window);
        } else if (Math.max(padding.top(), padding.left()) > FieldLimits.PADDING) {
            padded(sliding, padding);
        } else {
            return false;
        }
        return true;
    }

    /** True when the windows become pixels at less cost than in steps. */
    private boolean isLongWindow(SlidingOperator sliding, Window window) {
        Shape in = state.tensor(sliding.input()).shape();
        Shape out = state.tensor(sliding.operator().output()).shape();
        Geometry geometry = Geometry.of(window);
        return window.strideY() > FieldLimits.STRIDE
                && LongWindows.areAlong(geometry, in, out)
                && LongWindows.span(geometry) * in.channels() <= FieldLimits.BLOCKS * Contract.BLOCK_CHANNELS;
    }

    private void strided(SlidingOperator sliding, Window window) {
        if (sliding.operator() instanceof MaxPool pool && largestOfLargest(pool, sliding, window)) {
            return;
        }
        Tensor output = state.tensor(sliding.operator().output());
        Shape out = output.shape();
        int y = Strided.step(window.strideY());
        int x = Strided.step(window.strideX());
        int rows = window.strideY() / y;
        int columns = window.strideX() / x;
        int closer = state.temporary(
                output, Shape.map((out.height() - 1) * rows + 1, (out.width() - 1) * columns + 1, out.channels()));
        Window over = strided(window, y, x);
        add(sliding, sliding.over(sliding.input(), closer, over));
        add(sliding, slice(sliding, closer, output.index(), 0, 0, rows, columns));
    }

    private static Window strided(Window window, int y, int x) {
        return new Window(
                window.kernelHeight(),
                window.kernelWidth(),
                y,
                x,
                window.dilationY(),
                window.dilationX(),
                window.padding());
    }

    /** Windows that are whole numbers of smaller ones side by side, where that makes their strides smaller. */
    private boolean largestOfLargest(MaxPool pool, SlidingOperator sliding, Window window) {
        Padding padding = window.padding();
        int y = shared(window.kernelHeight(), window.strideY(), padding.top());
        int x = shared(window.kernelWidth(), window.strideX(), padding.left());
        if ((window.strideY() > FieldLimits.STRIDE && y == 1) || (window.strideX() > FieldLimits.STRIDE && x == 1)) {
            return false;
        }
        Tensor input = state.tensor(sliding.input());
        Shape in = input.shape();
        int part =
                state.temporary(input, Shape.map((in.height() + y - 1) / y, (in.width() + x - 1) / x, in.channels()));
        int least = input.type().minimum();
        int greatest = input.type().maximum();
        Window first = new Window(y, x, y, x, 1, 1, Padding.NONE);
        add(sliding, new MaxPool(pool.name(), new int[] {input.index()}, new int[] {part}, first, least, greatest));
        Window rest = new Window(
                window.kernelHeight() / y,
                window.kernelWidth() / x,
                Math.max(1, window.strideY() / y),
                Math.max(1, window.strideX() / x),
                1,
                1,
                new Padding(padding.top() / y, padding.left() / x, padding.bottom() / y, padding.right() / x));
        add(sliding, sliding.over(part, pool.output(), rest));
        return true;
    }

    /** A divisor of all three that a stride can be; 1 where the stride can be named as it is. */
    private static int shared(int kernel, int stride, int padding) {
        return stride <= FieldLimits.STRIDE ? 1 : Strided.step(gcd(gcd(kernel, stride), padding));
    }

    private static int gcd(int a, int b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private void dilated(SlidingOperator sliding, Window window) {
        Tensor output = state.tensor(sliding.operator().output());
        Shape in = state.tensor(sliding.input()).shape();
        Shape out = output.shape();
        Padding padding = window.padding();
        List<WindowPhase> rows = WindowPhase.of(
                window.kernelHeight(), window.strideY(), window.dilationY(), padding.top(), in.height(), out.height());
        List<WindowPhase> columns = WindowPhase.of(
                window.kernelWidth(), window.strideX(), window.dilationX(), padding.left(), in.width(), out.width());
        if (rows.size() * columns.size() == 1) {
            phase(sliding, rows.get(0), columns.get(0), output.index());
            return;
        }
        DenseAssembly assembly =
                tensors.assembleOutput(sliding.operator(), TensorLocation.blocks(output.type(), out.channels()));
        for (WindowPhase y : rows) {
            for (WindowPhase x : columns) {
                int part = state.temporary(output, Shape.map(y.outputs(), x.outputs(), out.channels()));
                phase(sliding, y, x, part);
                assembly.add(
                        tensors.map(sliding.operator(), part),
                        y.firstOutput(),
                        y.outputStep(),
                        x.firstOutput(),
                        x.outputStep());
            }
        }
        assembly.bind();
    }

    private void phase(SlidingOperator sliding, WindowPhase y, WindowPhase x, int output) {
        Tensor input = state.tensor(sliding.input());
        Shape in = input.shape();
        int read = input.index();
        if (!y.readsAllOf(in.height()) || !x.readsAllOf(in.width())) {
            read = state.temporary(input, Shape.map(y.inputs(), x.inputs(), in.channels()));
            add(
                    sliding,
                    slice(sliding, input.index(), read, y.firstInput(), x.firstInput(), y.inputStep(), x.inputStep()));
        }
        add(sliding, sliding.over(read, output, y, x));
    }

    private static Slice slice(SlidingOperator sliding, int from, int to, int top, int left, int strideY, int strideX) {
        return new Slice(
                sliding.operator().name(), new int[] {from}, new int[] {to}, top, left, 0, strideY, strideX, 1);
    }

    /** With as much of the border as commands can name. */
    private void padded(SlidingOperator sliding, Padding padding) {
        Padding before = beyond(padding);
        Tensor input = state.tensor(sliding.input());
        int larger = state.temporary(input, larger(input.shape(), before));
        add(sliding, pad(sliding.operator().name(), input.index(), larger, before, sliding.inputZeroPoint()));
        Padding rest = new Padding(
                padding.top() - before.top(), padding.left() - before.left(), padding.bottom(), padding.right());
        add(
                sliding,
                sliding.over(
                        larger, sliding.operator().output(), sliding.window().withPadding(rest)));
    }

    private boolean border(Pad pad) {
        Padding padding = pad.padding();
        Padding before = beyond(padding);
        if (before.isNone()) {
            return false;
        }
        Tensor input = state.tensor(pad.input());
        int larger = state.temporary(input, larger(input.shape(), before));
        Padding rest = new Padding(
                padding.top() - before.top(), padding.left() - before.left(), padding.bottom(), padding.right());
        add(pad, pad(pad.name(), pad.input(), larger, before, pad.value()));
        add(
                pad,
                new Pad(
                        pad.name(),
                        new int[] {larger},
                        pad.outputs(),
                        rest,
                        pad.channelsBefore(),
                        pad.channelsAfter(),
                        pad.value()));
        return true;
    }

    /** What of the border before the map no command can name. */
    private static Padding beyond(Padding padding) {
        return new Padding(
                Math.max(0, padding.top() - FieldLimits.PADDING),
                Math.max(0, padding.left() - FieldLimits.PADDING),
                0,
                0);
    }

    private static Shape larger(Shape shape, Padding before) {
        return Shape.map(shape.height() + before.top(), shape.width() + before.left(), shape.channels());
    }

    private static Pad pad(String name, int from, int to, Padding padding, int value) {
        return new Pad(name, new int[] {from}, new int[] {to}, padding, 0, 0, value);
    }

    private void add(SlidingOperator of, Operator step) {
        add(of.operator(), step);
    }

    private void add(Operator of, Operator step) {
        state.standsFor(step, of);
        lowering.accept(step);
    }
}
