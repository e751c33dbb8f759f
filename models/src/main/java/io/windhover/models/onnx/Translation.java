// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The network in the making: what every name stands for, and the steps so far. */
final class Translation {
    private static final long SPARE_ELEMENTS = 2L << 20;
    /** Operators that read whole numbers and truth values. */
    private static final Set<String> READ_OTHER_TYPES = Set.of(
            "And",
            "Cast",
            "Equal",
            "Flatten",
            "Gather",
            "Greater",
            "GreaterOrEqual",
            "Identity",
            "Less",
            "LessOrEqual",
            "Not",
            "Or",
            "Reshape",
            "Squeeze",
            "Transpose",
            "Unsqueeze",
            "Where",
            "Xor");

    final SourceModel model;
    private final Map<String, NamedValue> values = new HashMap<>();
    private final Map<String, List<SourceNode>> consumers = new HashMap<>();
    private final Map<String, SourceNode> makers = new HashMap<>();
    private final Map<String, Integer> reads = new HashMap<>();
    private final List<TensorDraft> drafts = new ArrayList<>();
    private final List<@Nullable TranslationStep> steps = new ArrayList<>();
    private final Views views = new Views(this);
    private final Map<Integer, Integer> producers = new HashMap<>();
    private final Map<Integer, List<Integer>> quantizedInputs = new HashMap<>();
    private final int firstAuxiliary;
    private int temporaries;
    private int auxiliaries;
    private long elementBudget;
    private int batch = 1;

    Translation(SourceModel model, long fileBytes) {
        this.model = model;
        this.elementBudget = SPARE_ELEMENTS + 4 * fileBytes;
        this.firstAuxiliary = model.nodeOutputs() + model.inputs().size();
        values.putAll(model.initializers());
        for (SourceNode node : model.nodes()) {
            for (String input : node.inputs()) {
                consumers.computeIfAbsent(input, missing -> new ArrayList<>()).add(node);
                reads.merge(input, 1, Integer::sum);
            }
            node.outputs().forEach(output -> makers.put(output, node));
        }
        model.outputs().forEach(output -> reads.merge(output.name(), 1, Integer::sum));
    }

    /** Constants computed while reading add up to a bounded number of elements, however often a file asks for more. */
    void charge(long elements) {
        elementBudget -= elements;
        require(
                elementBudget >= 0,
                "The constants computed from the file's own are far larger than the file; it is damaged.");
    }

    /** How many frames the file takes at once; all that is computed here is one frame's. */
    int batch() {
        return batch;
    }

    void setBatch(int frames) {
        batch = frames;
    }

    /** The shape that all frames have in the file. */
    int[] whole(int[] dimensions) {
        int[] all = dimensions.clone();
        if (all.length > 0) {
            all[0] *= batch;
        }
        return all;
    }

    /** Whether the network's caller gets it. */
    boolean isOutput(String name) {
        return model.outputs().stream().anyMatch(output -> output.name().equals(name));
    }

    List<SourceNode> consumers(String name) {
        return consumers.getOrDefault(name, List.of());
    }

    /** The node that makes a value; null for inputs and constants. */
    @Nullable
    SourceNode maker(String name) {
        return makers.get(name);
    }

    @Nullable
    NamedValue find(String name) {
        return values.get(name);
    }

    NamedValue value(SourceNode node, int input) {
        node.require(node.hasInput(input), "its input %d is missing.", input);
        NamedValue value = values.get(node.inputs().get(input));
        if (value == null) {
            throw node.refuse(
                    "it uses '%s', which nothing before it produces.",
                    node.inputs().get(input));
        }
        if (value instanceof UnreadConstant unread) {
            throw node.refuse("%s", unread.refusal("its input '" + node.inputs().get(input) + "'"));
        }
        TensorType type = value instanceof Activation activation ? draft(activation).type : TensorType.FLOAT32;
        node.require(
                type == TensorType.FLOAT32 || READ_OTHER_TYPES.contains(node.operator()),
                "it reads the %s '%s'; a Cast to real numbers must stand before it.",
                type == TensorType.BOOL ? "truth values" : "whole numbers",
                node.inputs().get(input));
        return value;
    }

    /** Refuses a node that names a value which nothing before it produces, also where it would not be read. */
    void requireInputs(SourceNode node) {
        for (int i = 0; i < node.inputs().size(); i++) {
            if (node.hasInput(i)) {
                value(node, i);
            }
        }
    }

    /** A computed input, real or coded. */
    Activation any(SourceNode node, int input) {
        if (value(node, input) instanceof Activation activation) {
            return activation;
        }
        throw node.refuse("its input '%s' is a constant.", node.inputs().get(input));
    }

    /** A computed input of real numbers. */
    Activation activation(SourceNode node, int input) {
        Activation activation = any(node, input);
        node.require(
                activation.codes() == null,
                "its input '%s' holds 8-bit codes; a DequantizeLinear must stand before it.",
                node.inputs().get(input));
        return activation;
    }

    boolean isConstant(SourceNode node, int input) {
        return !(value(node, input) instanceof Activation);
    }

    /** An input known now, as plain numbers. */
    Constant constant(SourceNode node, int input) {
        NamedValue value = value(node, input);
        if (value instanceof Constant constant) {
            return constant;
        }
        if (value instanceof CodedConstant coded) {
            charge(coded.codes().count());
            return coded.reals();
        }
        throw node.refuse("its input '%s' must be a constant.", node.inputs().get(input));
    }

    /** The one whole number of a constant input. */
    long whole(SourceNode node, int input) {
        long[] values = constant(node, input).integers();
        node.require(values.length == 1, "%d numbers stand where it needs one.", values.length);
        return values[0];
    }

    void bind(SourceNode node, int output, NamedValue value) {
        node.require(
                output < node.outputs().size(),
                "it has %d outputs.",
                node.outputs().size());
        String name = node.outputs().get(output);
        if (name.isEmpty()) {
            return;
        }
        node.require(values.put(name, value) == null, "it produces '%s' a second time.", name);
        if (value instanceof Activation activation) {
            draft(activation).uses += reads.getOrDefault(name, 0);
        }
    }

    void feed(String name, Activation activation) {
        require(values.put(name, activation) == null, "The file has two inputs named '%s'.", name);
        draft(activation).uses += reads.getOrDefault(name, 0);
    }

    /** The node has read its inputs. */
    void finish(SourceNode node) {
        for (String input : node.inputs()) {
            if (values.get(input) instanceof Activation activation) {
                draft(activation).uses--;
            }
        }
    }

    TensorDraft draft(int tensorId) {
        return drafts.get(tensorId);
    }

    TensorDraft draft(Activation activation) {
        return drafts.get(activation.tensorId());
    }

    List<TensorDraft> drafts() {
        return drafts;
    }

    /** The steps in order. */
    List<TranslationStep> steps() {
        List<TranslationStep> present = new ArrayList<>();
        for (TranslationStep step : steps) {
            if (step != null) {
                present.add(step);
            }
        }
        return present;
    }

    private int add(TensorDraft draft) {
        drafts.add(draft);
        return drafts.size() - 1;
    }

    /** A tensor for an output of a node. */
    int output(SourceNode node, int output, Shape shape) {
        int tensorId = add(new TensorDraft("", 0, shape, null));
        rename(tensorId, node, output);
        drafts.get(tensorId).node = node;
        return tensorId;
    }

    /** A tensor for an output that the node may leave out. */
    int optionalOutput(SourceNode node, int output, Shape shape, TensorType type) {
        if (!node.hasOutput(output)) {
            return auxiliary(node.operator() + " output " + output, shape, type);
        }
        int tensorId = output(node, output, shape);
        drafts.get(tensorId).type = type;
        return tensorId;
    }

    /** The tensor holds this output of the node from now on. */
    void rename(int tensorId, SourceNode node, int output) {
        node.require(
                output < node.outputs().size(),
                "it has %d outputs.",
                node.outputs().size());
        drafts.get(tensorId).name = node.outputs().get(output);
        drafts.get(tensorId).index = node.firstOutput()
                + (int) node.outputs().stream()
                        .limit(output)
                        .filter(name -> !name.isEmpty())
                        .count();
    }

    /** The value is a network output: its tensor takes that name, unless the file names its codes otherwise. */
    void nameOutput(Activation value, String name) {
        TensorDraft draft = draft(value);
        boolean ownName = value.codes() == null && draft.codes != null;
        for (SourceNode node : model.nodes()) {
            int position = node.outputs().indexOf(name);
            if (position >= 0 && !ownName) {
                rename(value.tensorId(), node, position);
            }
        }
    }

    /** The tensor is not in the file. */
    void renameAuxiliary(int tensorId, String name) {
        drafts.get(tensorId).name = name;
        drafts.get(tensorId).index = firstAuxiliary + auxiliaries++;
    }

    int input(String name, int position, Shape shape, TensorType type) {
        TensorDraft draft = new TensorDraft(name, model.nodeOutputs() + position, shape, null);
        draft.inputType = type;
        return add(draft);
    }

    /** The codes of a real network input, made on the host before anything else. */
    int quantizedInput(int input, SourceNode node, int output, Activation.Codes codes) {
        for (int inside : quantizedInputs.getOrDefault(input, List.of())) {
            if (codes.equals(drafts.get(inside).codes)) {
                return inside;
            }
        }
        int inside = output(node, output, drafts.get(input).shape);
        drafts.get(inside).codes = codes;
        quantizedInputs.computeIfAbsent(input, missing -> new ArrayList<>()).add(inside);
        return inside;
    }

    /** The codes of a real network input that is only compared: a tensor that the file does not have. */
    int comparedInput(int input, Activation.Codes codes) {
        for (int inside : quantizedInputs(input)) {
            if (codes.equals(drafts.get(inside).codes)) {
                return inside;
            }
        }
        int inside = auxiliary(drafts.get(input).name + " compared", drafts.get(input).shape);
        drafts.get(inside).codes = codes;
        quantizedInputs.computeIfAbsent(input, missing -> new ArrayList<>()).add(inside);
        return inside;
    }

    /** The tensors that hold the codes of a real network input. */
    List<Integer> quantizedInputs(int input) {
        return quantizedInputs.getOrDefault(input, List.of());
    }

    /** A network input that is fed as codes, now that their scale is known: the tensor of int8 codes. */
    Activation codedInput(Activation input, Activation.Codes codes) {
        TensorDraft draft = draft(input);
        require(
                draft.codes == null || draft.codes.equals(codes),
                "Input '%s' is read with two different scales or zero points.",
                draft.name);
        boolean known = draft.codes != null;
        draft.codes = codes;
        if (codes.type() == ElementType.INT8) {
            return new Activation(input.tensorId(), input.layout());
        }
        if (!known) {
            int inside = auxiliary(draft.name + " less 128", draft.shape);
            drafts.get(inside).codes = codes;
            quantizedInputs.put(input.tensorId(), List.of(inside));
        }
        return new Activation(quantizedInputs(input.tensorId()).get(0), input.layout());
    }

    /** Whether the caller feeds the codes in this tensor. */
    boolean isFedAsCodes(int tensorId) {
        return quantizedInputs.entrySet().stream()
                .anyMatch(input -> input.getValue().contains(tensorId)
                        && drafts.get(input.getKey()).inputType != TensorType.FLOAT32);
    }

    /** The node's result is codes. */
    void recode(Activation result, Activation.Codes codes) {
        values.put(draft(result).name, result.with(codes));
    }

    /** Binds a value to a name that no file can hold; the name. */
    String temporary(NamedValue value) {
        String name = temporary();
        values.put(name, value);
        return name;
    }

    /** A name that no file can hold. */
    String temporary() {
        return "\0" + temporaries++;
    }

    /** The first number that neither a tensor of the file nor one of a graph made of it has. */
    int freeIndex(@Nullable Graph graph) {
        int last = graph == null
                ? 0
                : graph.tensors().get(graph.tensors().size() - 1).index();
        return Math.max(highestIndex(), last) + 1;
    }

    int highestIndex() {
        return drafts.stream().mapToInt(draft -> draft.index).max().orElse(0);
    }

    /** A tensor that no node of the file makes. */
    int auxiliary(String name, Shape shape) {
        return add(new TensorDraft(name, firstAuxiliary + auxiliaries++, shape, null));
    }

    /** A tensor for what a node of the file makes, once more. */
    int again(TensorDraft draft, String name) {
        int tensorId = auxiliary(name, draft.shape, draft.type);
        drafts.get(tensorId).node = draft.node;
        return tensorId;
    }

    int auxiliary(String name, Shape shape, TensorType type) {
        int tensorId = auxiliary(name, shape);
        drafts.get(tensorId).type = type;
        return tensorId;
    }

    /** A constant operand of real numbers. */
    int operand(String name, Shape shape, float[] contents) {
        return operand(name, shape, TensorType.FLOAT32, Constant.ofFloats(new int[] {contents.length}, contents));
    }

    /** A constant operand of a type that holds the elements as they are. */
    int operand(String name, Shape shape, TensorType type, Constant contents) {
        byte[] bytes = new byte[contents.data().remaining()];
        contents.data().get(0, bytes);
        int tensorId = add(new TensorDraft(name, firstAuxiliary + auxiliaries++, shape, bytes));
        drafts.get(tensorId).type = type;
        return tensorId;
    }

    void add(TranslationStep step) {
        for (int output : step.outputs()) {
            producers.put(output, steps.size());
        }
        steps.add(step);
        Arrays.stream(step.inputs()).forEach(input -> drafts.get(input).readers++);
    }

    /** What makes a tensor, or null for inputs and constants. */
    @Nullable
    TranslationStep producer(int tensorId) {
        Integer position = producers.get(tensorId);
        return position == null ? null : steps.get(position);
    }

    private int position(TranslationStep step) {
        return Objects.requireNonNull(producers.get(step.output()));
    }

    /** Replaces the step that writes the same tensor by this one, which reads the same tensors. */
    void replace(TranslationStep step) {
        steps.set(position(step), step);
    }

    /** Replaces one step by several, in this order. */
    void expand(TranslationStep step, List<TranslationStep> parts) {
        int position = position(step);
        remove(step);
        steps.addAll(position, parts);
        parts.forEach(part -> Arrays.stream(part.inputs()).forEach(input -> drafts.get(input).readers++));
        for (int i = position; i < steps.size(); i++) {
            TranslationStep moved = steps.get(i);
            for (int output : moved == null ? new int[0] : moved.outputs()) {
                producers.put(output, i);
            }
        }
    }

    void remove(TranslationStep step) {
        steps.set(position(step), null);
        Arrays.stream(step.outputs()).forEach(producers::remove);
        Arrays.stream(step.inputs()).forEach(input -> drafts.get(input).readers--);
    }

    /** Removes all steps that these tensors do not depend on. */
    void keepOnly(List<Integer> ends) {
        Set<TranslationStep> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Integer> open = new ArrayDeque<>(ends);
        while (!open.isEmpty()) {
            TranslationStep step = producer(open.pop());
            if (step != null && needed.add(step)) {
                Arrays.stream(step.inputs()).forEach(open::push);
            }
        }
        steps().stream().filter(step -> !needed.contains(step)).forEach(this::remove);
    }

    /** Adds an operator and binds its result to the node's output. */
    Activation emit(SourceNode node, Shape shape, Layout layout, DirectStep.Factory factory, int... inputs) {
        return emit(node, 0, shape, layout, factory, inputs);
    }

    Activation emit(
            SourceNode node, int output, Shape shape, Layout layout, DirectStep.Factory factory, int... inputs) {
        int tensorId = output(node, output, shape);
        add(new DirectStep(inputs, tensorId, factory));
        Activation result = new Activation(tensorId, layout);
        bind(node, output, result);
        return result;
    }

    /** See {@link Views}. */
    int viewed(int tensorId, Shape shape) {
        return views.viewed(tensorId, shape);
    }

    /** See {@link Views}. */
    int exactly(int tensorId, Shape shape) {
        return views.exactly(tensorId, shape);
    }

    /** See {@link Views}. */
    Activation arranged(Activation value, int[] order) {
        return views.arranged(value, order);
    }

    /** See {@link Views}. */
    Activation plain(Activation value) {
        return views.plain(value);
    }

    /** The shape of a tensor that stores dimensions in an order. */
    static Shape stored(int[] dimensions, int[] order) {
        return dimensions.length == 0
                ? Shape.of(1)
                : Shape.of(Arrays.stream(order).map(d -> dimensions[d]).toArray());
    }
}
