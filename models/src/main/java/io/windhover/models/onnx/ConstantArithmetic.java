// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Arithmetic on constants, each result in the element type that ONNX gives it: integers keep the low bits of what
 * overflows, real numbers are computed as double and rounded once.
 */
final class ConstantArithmetic {
    private record Binary(LongBinaryOperator integers, DoubleBinaryOperator reals) {}

    private record Unary(@Nullable LongUnaryOperator integers, DoubleUnaryOperator reals) {}

    private static final Set<String> COMPARISONS = Set.of("Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual");
    private static final Set<String> OTHERS = Set.of("ReduceProd", "Clip");
    private static final Set<String> LOGICAL = Set.of("And", "Not", "Or", "Xor");

    private static final Map<String, Binary> BINARY = Map.ofEntries(
            entry("Add", new Binary(Long::sum, Double::sum)),
            entry("Sub", new Binary((a, b) -> a - b, (a, b) -> a - b)),
            entry("Mul", new Binary((a, b) -> a * b, (a, b) -> a * b)),
            entry("Div", new Binary((a, b) -> a / b, (a, b) -> a / b)),
            entry("Pow", new Binary(ConstantArithmetic::power, StrictMath::pow)),
            entry("Max", new Binary(Math::max, Math::max)),
            entry("Min", new Binary(Math::min, Math::min)),
            entry("And", new Binary((a, b) -> a & b, (a, b) -> 0)),
            entry("Or", new Binary((a, b) -> a | b, (a, b) -> 0)),
            entry("Xor", new Binary((a, b) -> a ^ b, (a, b) -> 0)),
            entry("Equal", new Binary((a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0)),
            entry("Greater", new Binary((a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0)),
            entry("GreaterOrEqual", new Binary((a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0)),
            entry("Less", new Binary((a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0)),
            entry("LessOrEqual", new Binary((a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0)));

    private static final Map<String, Unary> UNARY = Map.ofEntries(
            entry("Not", new Unary(a -> 1 - a, a -> 0)),
            entry("Neg", new Unary(a -> -a, a -> -a)),
            entry("Abs", new Unary(Math::abs, Math::abs)),
            entry("Sign", new Unary(Long::signum, Math::signum)),
            entry("Sqrt", new Unary(null, Math::sqrt)),
            entry("Floor", new Unary(null, Math::floor)),
            entry("Ceil", new Unary(null, Math::ceil)),
            entry("Exp", new Unary(null, Math::exp)),
            entry("Reciprocal", new Unary(null, a -> 1 / a)),
            entry("Round", new Unary(null, Math::rint)));

    private final Translation network;
    private final SourceNode node;

    private ConstantArithmetic(Translation network, SourceNode node) {
        this.network = network;
        this.node = node;
    }

    static boolean has(String operator) {
        return BINARY.containsKey(operator) || UNARY.containsKey(operator) || OTHERS.contains(operator);
    }

    static Constant result(Translation network, SourceNode node) {
        ConstantArithmetic arithmetic = new ConstantArithmetic(network, node);
        Constant first = network.constant(node, 0);
        boolean logical = LOGICAL.contains(node.operator());
        node.require(
                first.type() != ElementType.BOOL || logical || node.operator().equals("Equal"),
                "it computes with truth values.");
        node.require(first.type() == ElementType.BOOL || !logical, "it takes %s for truth values.", first.type());
        if (node.operator().equals("ReduceProd")) {
            return arithmetic.product(first);
        }
        if (node.operator().equals("Clip")) {
            return arithmetic.clipped(first);
        }
        Unary unary = UNARY.get(node.operator());
        return unary != null ? arithmetic.applied(unary, first) : arithmetic.combined(first);
    }

    private Constant applied(Unary unary, Constant from) {
        network.charge(from.count());
        node.require(
                node.inputs().size() == 1, "it has %d inputs.", node.inputs().size());
        if (from.type().isReal()) {
            return Constant.ofReals(
                    from.type(),
                    from.dimensions(),
                    Arrays.stream(from.reals()).map(unary.reals()).toArray());
        }
        LongUnaryOperator integers =
                node.requirePresent(unary.integers(), "it is not defined for elements of type %s.", from.type());
        return Constant.ofIntegers(
                from.type(),
                from.dimensions(),
                Arrays.stream(from.integers()).map(integers).toArray());
    }

    private Constant clipped(Constant from) {
        network.charge(from.count());
        if (!from.type().isReal()) {
            long low = node.hasInput(1) ? network.whole(node, 1) : Long.MIN_VALUE;
            long high = node.hasInput(2) ? network.whole(node, 2) : Long.MAX_VALUE;
            return Constant.ofIntegers(
                    from.type(),
                    from.dimensions(),
                    Arrays.stream(from.integers())
                            .map(x -> Math.min(high, Math.max(low, x)))
                            .toArray());
        }
        float low = ActivationNodes.limit(network, node, "min", 1, Float.NEGATIVE_INFINITY);
        float high = ActivationNodes.limit(network, node, "max", 2, Float.POSITIVE_INFINITY);
        return Constant.ofReals(
                from.type(),
                from.dimensions(),
                Arrays.stream(from.reals())
                        .map(x -> Math.min(high, Math.max(low, x)))
                        .toArray());
    }

    private Constant combined(Constant first) {
        String operator = node.operator();
        int inputs = node.inputs().size();
        boolean any = operator.equals("Max") || operator.equals("Min");
        node.require(any || inputs == 2, "it has %d inputs.", inputs);
        Constant result = first;
        for (int i = 1; i < inputs; i++) {
            result = combined(result, network.constant(node, i));
        }
        return result;
    }

    private Constant combined(Constant first, Constant second) {
        int[] dimensions = Dimensions.broadcast(first.dimensions(), second.dimensions());
        network.charge(2L * Dimensions.count(dimensions));
        requireTypes(first.type(), second.type());
        Binary binary = Objects.requireNonNull(BINARY.get(node.operator()));
        Constant a = ConstantMoves.expand(first, dimensions);
        Constant b = ConstantMoves.expand(second, dimensions);
        ElementType type = COMPARISONS.contains(node.operator()) ? ElementType.BOOL : first.type();
        if (first.type().isReal()) {
            double[] values = a.reals();
            Arrays.setAll(values, i -> binary.reals().applyAsDouble(values[i], b.real(i)));
            return type.isReal()
                    ? Constant.ofReals(type, dimensions, values)
                    : Constant.ofIntegers(type, dimensions, truths(values));
        }
        long[] values = a.integers();
        long[] others = b.integers();
        requireDefined(others);
        Arrays.setAll(values, i -> binary.integers().applyAsLong(values[i], others[i]));
        return Constant.ofIntegers(type, dimensions, values);
    }

    private static long[] truths(double[] values) {
        return Arrays.stream(values).mapToLong(value -> value == 0 ? 0 : 1).toArray();
    }

    /** Both are of one type, but a real number may have an integer exponent. */
    private void requireTypes(ElementType first, ElementType second) {
        boolean power = node.operator().equals("Pow") && second != ElementType.BOOL;
        node.require(
                first == second || (power && (first.isReal() || !second.isReal())),
                "its inputs are of the types %s and %s.",
                first,
                second);
    }

    private void requireDefined(long[] second) {
        node.require(
                !node.operator().equals("Div") || Arrays.stream(second).noneMatch(value -> value == 0),
                "it divides an integer by 0.");
        node.require(
                !node.operator().equals("Pow") || Arrays.stream(second).noneMatch(value -> value < 0),
                "it raises an integer to a negative power.");
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long rest = exponent; rest > 0; rest >>= 1) {
            result *= (rest & 1) != 0 ? square : 1;
            square *= square;
        }
        return result;
    }

    private Constant product(Constant from) {
        long[] axes = axes();
        if (axes.length == 0 && node.opset() >= 18 && node.integer("noop_with_empty_axes", 0) != 0) {
            return from;
        }
        int[] sizes = from.dimensions().clone();
        boolean[] gone = new boolean[sizes.length];
        Arrays.fill(gone, axes.length == 0);
        for (long axis : axes) {
            gone[Dimensions.axis(axis, sizes.length)] = true;
        }
        for (int d = 0; d < sizes.length; d++) {
            sizes[d] = gone[d] ? 1 : sizes[d];
        }
        Constant all = products(from, sizes, gone);
        return node.integer("keepdims", 1) != 0 ? all : all.reshaped(kept(sizes, gone));
    }

    /** The axes, which the node names as its operator set does; none when it does not name any. */
    private long[] axes() {
        boolean asInput = node.opset() >= 18;
        node.require(!(asInput ? node.has("axes") : node.hasInput(1)), "its operator set has no such axes.");
        if (asInput) {
            return node.hasInput(1) ? network.constant(node, 1).integers() : new long[0];
        }
        long[] given = node.integers("axes");
        node.require(given == null || given.length > 0, "its list of axes is empty.");
        return given == null ? new long[0] : given;
    }

    private Constant products(Constant from, int[] sizes, boolean[] gone) {
        int[] steps = Dimensions.strides(sizes);
        for (int d = 0; d < steps.length; d++) {
            steps[d] = gone[d] ? 0 : steps[d];
        }
        IntUnaryOperator position = ConstantMoves.positions(from.dimensions(), steps, 0);
        int count = Dimensions.count(sizes);
        network.charge(count);
        if (from.type().isReal()) {
            double[] values = new double[count];
            Arrays.fill(values, 1);
            for (int i = 0; i < from.count(); i++) {
                values[position.applyAsInt(i)] *= from.real(i);
            }
            return Constant.ofReals(from.type(), sizes, values);
        }
        long[] values = new long[count];
        Arrays.fill(values, 1);
        for (int i = 0; i < from.count(); i++) {
            values[position.applyAsInt(i)] *= from.integer(i);
        }
        return Constant.ofIntegers(from.type(), sizes, values);
    }

    private static int[] kept(int[] sizes, boolean[] gone) {
        int[] kept = new int[sizes.length];
        int rank = 0;
        for (int d = 0; d < sizes.length; d++) {
            if (!gone[d]) {
                kept[rank++] = sizes[d];
            }
        }
        return Arrays.copyOf(kept, rank);
    }
}
