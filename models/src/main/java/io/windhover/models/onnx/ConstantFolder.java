// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;

/** Nodes whose inputs are all known: the arithmetic on shapes and weights that exporters leave in the file. */
final class ConstantFolder {
    private record Arithmetic(LongBinaryOperator integers, DoubleBinaryOperator reals) {}

    private static final Map<String, Arithmetic> ARITHMETIC = Map.of(
            "Add", new Arithmetic(Long::sum, Double::sum),
            "Sub", new Arithmetic((a, b) -> a - b, (a, b) -> a - b),
            "Mul", new Arithmetic((a, b) -> a * b, (a, b) -> a * b),
            "Div", new Arithmetic((a, b) -> b == 0 ? 0 : a / b, (a, b) -> a / b),
            "Pow", new Arithmetic((a, b) -> (long) StrictMath.pow((double) a, (double) b), StrictMath::pow),
            "Max", new Arithmetic(Math::max, Math::max),
            "Min", new Arithmetic(Math::min, Math::min),
            "Equal", new Arithmetic((a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0));

    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.of(
            "Sqrt",
            Math::sqrt,
            "Neg",
            a -> -a,
            "Abs",
            Math::abs,
            "Floor",
            Math::floor,
            "Ceil",
            Math::ceil,
            "Exp",
            Math::exp,
            "Reciprocal",
            a -> 1 / a,
            "Round",
            Math::rint,
            "Sign",
            Math::signum);

    private final Translation network;
    private final SourceNode node;

    private ConstantFolder(Translation network, SourceNode node) {
        this.network = network;
        this.node = node;
    }

    private static final Set<String> REARRANGEMENTS = Set.of(
            "Constant",
            "ConstantOfShape",
            "Gather",
            "Unsqueeze",
            "Squeeze",
            "Concat",
            "Cast",
            "Slice",
            "Reshape",
            "Transpose",
            "Flatten",
            "Identity",
            "Dropout",
            "Expand",
            "Where",
            "ReduceProd",
            "Range",
            "Shape",
            "Size");

    /** True when the operator can be computed while reading. */
    static boolean isKnown(SourceNode node) {
        String operator = node.operator();
        return node.domain().isEmpty()
                && (REARRANGEMENTS.contains(operator)
                        || ARITHMETIC.containsKey(operator)
                        || FUNCTIONS.containsKey(operator));
    }

    /** True when the node is one of these and all it reads is known. */
    static boolean applies(Translation network, SourceNode node) {
        if (!isKnown(node)) {
            return false;
        }
        return node.operator().equals("Shape")
                || node.operator().equals("Size")
                || node.inputs().stream()
                        .filter(input -> !input.isEmpty())
                        .allMatch(input -> network.find(input) instanceof Constant
                                || network.find(input) instanceof CodedConstant);
    }

    static void fold(Translation network, SourceNode node) {
        network.bind(node, 0, new ConstantFolder(network, node).result());
    }

    private NamedValue result() {
        return switch (node.operator()) {
            case "Constant" -> literal();
            case "Shape" -> shape();
            case "Size" ->
                Constant.ofLongs(
                        new int[0],
                        new long[] {Dimensions.count(network.value(node, 0).dimensions())});
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshaped(network.value(node, 0));
            case "Transpose" -> transposed(network.value(node, 0));
            case "Identity", "Dropout" -> network.value(node, 0);
            case "Cast" -> cast(constant(0));
            case "ConstantOfShape" -> filled();
            case "Expand" ->
                expanded(constant(0), Dimensions.broadcast(constant(0).dimensions(), sizes(1)));
            case "Gather" -> gathered();
            case "Concat" -> joined();
            case "Slice" -> sliced();
            case "Where" -> chosen();
            case "ReduceProd" -> product(constant(0));
            case "Range" -> range();
            default -> computed();
        };
    }

    private Constant constant(int input) {
        return network.constant(node, input);
    }

    private Constant product(Constant from) {
        Reduction reduction = Reduction.read(network, node, from.dimensions().length);
        return reduction.isIdentity(from.dimensions())
                ? from.reshaped(Arrays.stream(reduction.kept())
                        .map(d -> from.dimensions()[d])
                        .toArray())
                : Constant.vector(Arrays.stream(from.integers()).reduce(1, (a, b) -> a * b));
    }

    private int[] sizes(int input) {
        long[] values = constant(input).integers();
        node.require(values.length <= Constant.MAXIMUM_RANK, "it asks for %d dimensions.", values.length);
        node.require(
                Arrays.stream(values).allMatch(value -> value >= 0 && value <= Integer.MAX_VALUE),
                "it asks for the shape %s.",
                Arrays.toString(values));
        return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
    }

    private void charge(int[] dimensions) {
        network.charge(Dimensions.count(dimensions));
    }

    private Constant literal() {
        Constant tensor = node.tensor("value");
        if (tensor != null) {
            return tensor;
        }
        Attribute attribute = node.attributes().values().stream()
                .filter(one -> one.name().startsWith("value_"))
                .findFirst()
                .orElseThrow(() -> node.refuse("it has no value of a kind that is supported."));
        return switch (attribute.name()) {
            case "value_float" -> Constant.ofFloats(new int[0], new float[] {attribute.real()});
            case "value_floats" -> Constant.ofFloats(new int[] {attribute.reals().length}, attribute.reals());
            case "value_int" -> Constant.ofLongs(new int[0], new long[] {attribute.integer()});
            case "value_ints" -> Constant.vector(attribute.integers());
            default -> throw node.refuse("it has a value of kind %s.", attribute.name());
        };
    }

    private Constant shape() {
        int[] dimensions = network.value(node, 0).dimensions();
        int rank = dimensions.length;
        long start = node.integer("start", 0);
        long end = node.integer("end", rank);
        int from = (int) Math.max(0, Math.min(rank, start < 0 ? start + rank : start));
        int to = (int) Math.max(from, Math.min(rank, end < 0 ? end + rank : end));
        return Constant.vector(
                Arrays.stream(dimensions, from, to).asLongStream().toArray());
    }

    private NamedValue reshaped(NamedValue value) {
        int[] dimensions = ShapeNodes.target(network, node, value.dimensions());
        if (value instanceof CodedConstant coded) {
            CodedConstant moved = coded.reshaped(dimensions);
            return moved != null ? moved : constant(0).reshaped(dimensions);
        }
        return constant(0).reshaped(dimensions);
    }

    private NamedValue transposed(NamedValue value) {
        charge(value.dimensions());
        int[] permutation = ShapeNodes.permutation(node, value.dimensions().length);
        return value instanceof CodedConstant coded
                ? coded.transposed(permutation)
                : ConstantMoves.transpose(constant(0), permutation);
    }

    private Constant cast(Constant from) {
        ElementType type = ElementType.of(node.integer("to", 0), "The result of " + node.title());
        charge(from.dimensions());
        if (type.isReal()) {
            return Constant.ofFloats(from.dimensions(), from.floats());
        }
        Constant wide = Constant.ofLongs(from.dimensions(), from.integers());
        if (type == ElementType.BOOL) {
            return Constant.ofLongs(
                    from.dimensions(),
                    Arrays.stream(wide.integers())
                            .map(value -> value == 0 ? 0 : 1)
                            .toArray());
        }
        return type == ElementType.INT64 ? wide : narrowed(wide, type);
    }

    private static Constant narrowed(Constant wide, ElementType type) {
        ByteBuffer data = ByteBuffer.allocate(wide.count() * type.bytes);
        for (int i = 0; i < wide.count(); i++) {
            for (int b = 0; b < type.bytes; b++) {
                data.put((byte) (wide.integer(i) >> (8 * b)));
            }
        }
        return new Constant(type, wide.dimensions(), data.flip().order(ByteOrder.LITTLE_ENDIAN));
    }

    private Constant filled() {
        int[] dimensions = sizes(0);
        charge(dimensions);
        Constant value = node.tensor("value");
        node.require(
                value == null || value.count() == 1,
                "its value has %d elements instead of 1.",
                value == null ? 0 : value.count());
        Constant one = value == null ? Constant.ofFloats(new int[0], new float[1]) : value;
        return ConstantMoves.gather(one, dimensions, i -> 0);
    }

    private Constant expanded(Constant from, int[] dimensions) {
        charge(dimensions);
        return ConstantMoves.expand(from, dimensions);
    }

    private Constant gathered() {
        Constant data = constant(0);
        Constant indexes = constant(1);
        int[] from = data.dimensions();
        int axis = Dimensions.axis(node.integer("axis", 0), from.length);
        List<Integer> shape = new ArrayList<>();
        Arrays.stream(from, 0, axis).forEach(shape::add);
        Arrays.stream(indexes.dimensions()).forEach(shape::add);
        Arrays.stream(from, axis + 1, from.length).forEach(shape::add);
        int[] dimensions = shape.stream().mapToInt(Integer::intValue).toArray();
        charge(dimensions);
        int inner = Dimensions.strides(from)[axis];
        int picked = Math.max(1, indexes.count());
        return ConstantMoves.gather(data, dimensions, i -> {
            int which = Dimensions.axis(indexes.integer(i / inner % picked), from[axis]);
            return (i / inner / picked * from[axis] + which) * inner + i % inner;
        });
    }

    private Constant joined() {
        int parts = node.inputs().size();
        int[] dimensions = constant(0).dimensions().clone();
        int axis = Dimensions.axis(node.integer("axis", 0), dimensions.length);
        node.require(
                Dimensions.strides(dimensions)[axis] == 1 && Dimensions.count(dimensions) == dimensions[axis],
                "it joins constants of shape %s.",
                Arrays.toString(dimensions));
        boolean real = false;
        List<Constant> all = new ArrayList<>();
        int total = 0;
        for (int i = 0; i < parts; i++) {
            all.add(constant(i));
            node.require(all.get(i).dimensions().length == dimensions.length, "its inputs have different ranks.");
            real |= all.get(i).type().isReal();
            total = Math.addExact(total, all.get(i).count());
        }
        dimensions[axis] = total;
        charge(dimensions);
        return real
                ? Constant.ofFloats(dimensions, floats(all, total))
                : Constant.ofLongs(
                        dimensions,
                        all.stream()
                                .flatMapToLong(one -> Arrays.stream(one.integers()))
                                .toArray());
    }

    private static float[] floats(List<Constant> parts, int total) {
        float[] values = new float[total];
        int at = 0;
        for (Constant part : parts) {
            System.arraycopy(part.floats(), 0, values, at, part.count());
            at += part.count();
        }
        return values;
    }

    private Constant sliced() {
        Constant from = constant(0);
        SliceBounds bounds = SliceBounds.read(network, node, from.dimensions());
        int[] strides = Dimensions.strides(from.dimensions());
        int base = 0;
        int[] steps = new int[strides.length];
        for (int d = 0; d < strides.length; d++) {
            base += bounds.start()[d] * strides[d];
            steps[d] = bounds.step()[d] * strides[d];
        }
        charge(bounds.count());
        return ConstantMoves.gather(from, bounds.count(), ConstantMoves.positions(bounds.count(), steps, base));
    }

    private Constant chosen() {
        int[] dimensions = Dimensions.broadcast(
                constant(0).dimensions(),
                Dimensions.broadcast(constant(1).dimensions(), constant(2).dimensions()));
        Constant condition = expanded(constant(0), dimensions);
        Constant yes = expanded(constant(1), dimensions);
        Constant no = expanded(constant(2), dimensions);
        if (yes.type().isReal()) {
            float[] values = yes.floats();
            for (int i = 0; i < values.length; i++) {
                values[i] = condition.integer(i) != 0 ? values[i] : (float) no.real(i);
            }
            return Constant.ofFloats(dimensions, values);
        }
        long[] values = yes.integers();
        Arrays.setAll(values, i -> condition.integer(i) != 0 ? values[i] : no.integer(i));
        return Constant.ofLongs(dimensions, values);
    }

    private Constant range() {
        double start = node.number(constant(0));
        double delta = node.number(constant(2));
        double count = Math.ceil((node.number(constant(1)) - start) / delta);
        node.require(delta != 0 && count < 1 << 20, "its range is endless or very long.");
        long[] values = new long[(int) Math.max(0, count)];
        node.require(!constant(0).type().isReal(), "it makes a range of real numbers.");
        Arrays.setAll(values, i -> (long) (start + i * delta));
        network.charge(values.length);
        return Constant.vector(values);
    }

    private Constant computed() {
        DoubleUnaryOperator function = FUNCTIONS.get(node.operator());
        if (function != null) {
            Constant from = constant(0);
            charge(from.dimensions());
            return from.type().isReal()
                    ? Constant.ofFloats(from.dimensions(), applied(from.floats(), function))
                    : Constant.ofLongs(
                            from.dimensions(),
                            Arrays.stream(from.integers())
                                    .map(a -> (long) function.applyAsDouble((double) a))
                                    .toArray());
        }
        Arithmetic arithmetic = Objects.requireNonNull(ARITHMETIC.get(node.operator()));
        Constant result = constant(0);
        for (int i = 1; i < node.inputs().size(); i++) {
            result = combined(result, constant(i), arithmetic);
        }
        return result;
    }

    private static float[] applied(float[] values, DoubleUnaryOperator function) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) function.applyAsDouble(values[i]);
        }
        return values;
    }

    private Constant combined(Constant first, Constant second, Arithmetic arithmetic) {
        int[] dimensions = Dimensions.broadcast(first.dimensions(), second.dimensions());
        Constant a = expanded(first, dimensions);
        Constant b = expanded(second, dimensions);
        if (a.type().isReal() || b.type().isReal()) {
            float[] values = new float[a.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) arithmetic.reals().applyAsDouble(a.real(i), b.real(i));
            }
            return Constant.ofFloats(dimensions, values);
        }
        long[] values = new long[a.count()];
        Arrays.setAll(values, i -> arithmetic.integers().applyAsLong(a.integer(i), b.integer(i)));
        return Constant.ofLongs(dimensions, values);
    }
}
