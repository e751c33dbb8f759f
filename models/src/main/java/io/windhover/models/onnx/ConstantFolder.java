// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Nodes whose inputs are all known: the arithmetic on shapes and weights that exporters leave in the file. */
final class ConstantFolder {
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
            "Range",
            "Shape",
            "Size");

    /** True when the operator can be computed while reading. */
    static boolean isKnown(SourceNode node) {
        String operator = node.operator();
        return node.domain().isEmpty() && (REARRANGEMENTS.contains(operator) || ConstantArithmetic.has(operator));
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
        network.bind(node, 0, value(network, node));
    }

    /** What such a node makes. */
    static NamedValue value(Translation network, SourceNode node) {
        return new ConstantFolder(network, node).result();
    }

    private NamedValue result() {
        return switch (node.operator()) {
            case "Constant" -> literal();
            case "Shape" -> shape();
            case "Size" -> Constant.ofLongs(new int[0], new long[] {Dimensions.count(whole())});
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze" -> reshaped(network.value(node, 0));
            case "Transpose" -> transposed(network.value(node, 0));
            case "Identity" -> network.value(node, 0);
            case "Dropout" -> {
                ShapeNodes.requireInference(network, node);
                yield network.value(node, 0);
            }
            case "Cast" -> cast(constant(0));
            case "ConstantOfShape" -> filled();
            case "Expand" ->
                expanded(constant(0), Dimensions.broadcast(constant(0).dimensions(), sizes(1)));
            case "Gather" -> gathered();
            case "Concat" -> joined();
            case "Slice" -> sliced();
            case "Where" -> chosen();
            case "Range" -> range();
            default -> ConstantArithmetic.result(network, node);
        };
    }

    private Constant constant(int input) {
        return network.constant(node, input);
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
        node.require(
                node.attributes().size() == 1,
                "it has %d values instead of 1.",
                node.attributes().size());
        String kind = node.attributes().keySet().iterator().next();
        return switch (kind) {
            case "value" -> node.requirePresent(node.tensor(kind), "its value is missing.");
            case "value_float" -> Constant.ofFloats(new int[0], new float[] {node.real(kind, 0)});
            case "value_floats" -> {
                float[] reals = node.requirePresent(node.reals(kind), "its value is missing.");
                yield Constant.ofFloats(new int[] {reals.length}, reals);
            }
            case "value_int" -> Constant.ofLongs(new int[0], new long[] {node.integer(kind, 0)});
            case "value_ints" -> Constant.vector(node.requirePresent(node.integers(kind), "its value is missing."));
            default -> throw node.refuse("it has a value of kind %s.", kind);
        };
    }

    private int[] whole() {
        NamedValue value = network.value(node, 0);
        return value instanceof Activation ? network.whole(value.dimensions()) : value.dimensions();
    }

    private Constant shape() {
        int[] dimensions = whole();
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
        if (type == ElementType.FLOAT) {
            return Constant.ofFloats(from.dimensions(), from.floats());
        }
        if (type.isReal()) {
            return Constant.ofReals(type, from.dimensions(), from.reals());
        }
        long[] values = new long[from.count()];
        for (int i = 0; i < values.length; i++) {
            values[i] = type == ElementType.BOOL
                    ? from.real(i) != 0 ? 1 : 0
                    : from.type().isReal() ? truncated(from.real(i), type) : from.integer(i);
        }
        return Constant.ofIntegers(type, from.dimensions(), values);
    }

    /** ONNX defines nothing for a real number outside the integer type. */
    private long truncated(double value, ElementType type) {
        double whole = value < 0 ? Math.ceil(value) : Math.floor(value);
        boolean unsigned = type == ElementType.UINT8;
        double end = Math.scalb(1.0, 8 * type.bytes - (unsigned ? 0 : 1));
        node.require(whole >= (unsigned ? 0 : -end) && whole < end, "it turns %s into %s.", value, type);
        return (long) whole;
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
        node.require(!indexes.type().isReal(), "its indexes are of type %s.", indexes.type());
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
        Constant first = constant(0);
        int[] dimensions = first.dimensions().clone();
        int axis = Dimensions.axis(node.integer("axis", 0), dimensions.length);
        List<Constant> parts = new ArrayList<>();
        dimensions[axis] = 0;
        for (int i = 0; i < node.inputs().size(); i++) {
            Constant part = constant(i);
            node.require(isJoinable(first, part, axis), "it joins %s and %s along axis %d.", first, part, axis);
            parts.add(part);
            dimensions[axis] = Math.addExact(dimensions[axis], part.dimensions()[axis]);
        }
        charge(dimensions);
        int run = Dimensions.strides(dimensions)[axis] * first.type().bytes;
        int runs = Dimensions.count(Arrays.copyOf(dimensions, axis));
        ByteBuffer data = ByteBuffer.allocate(Dimensions.count(dimensions) * first.type().bytes)
                .order(ByteOrder.LITTLE_ENDIAN);
        int at = 0;
        for (int i = 0; i < runs; i++) {
            for (Constant part : parts) {
                int bytes = part.dimensions()[axis] * run;
                data.put(at, part.data(), i * bytes, bytes);
                at += bytes;
            }
        }
        return new Constant(first.type(), dimensions, data);
    }

    private static boolean isJoinable(Constant first, Constant second, int axis) {
        int[] expected = first.dimensions().clone();
        if (second.type() != first.type() || second.dimensions().length != expected.length) {
            return false;
        }
        expected[axis] = second.dimensions()[axis];
        return Arrays.equals(expected, second.dimensions());
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
        node.require(
                condition.type() == ElementType.BOOL && yes.type() == no.type(),
                "its inputs are of the types %s, %s and %s.",
                condition.type(),
                yes.type(),
                no.type());
        int bytes = yes.type().bytes;
        ByteBuffer data = ByteBuffer.allocate(yes.count() * bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < yes.count(); i++) {
            data.put(i * bytes, (condition.integer(i) != 0 ? yes : no).data(), i * bytes, bytes);
        }
        return new Constant(yes.type(), dimensions, data);
    }

    private Constant range() {
        ElementType type = constant(0).type();
        node.require(
                !type.isReal()
                        && type == constant(1).type()
                        && type == constant(2).type(),
                "it makes a range of numbers of the types %s, %s and %s.",
                type,
                constant(1).type(),
                constant(2).type());
        long start = network.whole(node, 0);
        long delta = network.whole(node, 2);
        node.require(delta != 0, "its range is endless.");
        long count = -Math.floorDiv(Math.subtractExact(start, network.whole(node, 1)), delta);
        node.require(count < 1 << 20, "its range is very long.");
        long[] values = new long[(int) Math.max(0, count)];
        Arrays.setAll(values, i -> start + i * delta);
        network.charge(values.length);
        return Constant.ofIntegers(type, new int[] {values.length}, values);
    }
}
