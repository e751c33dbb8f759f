// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The contents of one file: nodes in order, constants by name, and what goes in and out.
 *
 * @param nodeOutputs how many outputs all nodes of the file have together
 */
record SourceModel(
        List<SourceNode> nodes,
        int nodeOutputs,
        Map<String, NamedValue> initializers,
        List<SourceValue> inputs,
        List<SourceValue> outputs) {
    private static final int MAXIMUM_ITEMS = 65_536;
    private static final int MAXIMUM_ATTRIBUTES = 64;
    private static final int OLDEST_IR = 3;
    private static final int NEWEST_IR = 13;
    private static final int OLDEST_OPSET = 7;
    private static final int NEWEST_OPSET = 25;

    static SourceModel read(byte[] file, ExternalData outside) {
        ProtobufMessage model = ProtobufMessage.root(file);
        long irVersion = 0;
        long opset = 0;
        ProtobufMessage graph = null;
        while (model.next()) {
            switch (model.field()) {
                case Schema.Model.IR_VERSION -> irVersion = model.integer();
                case Schema.Model.OPSET_IMPORT -> opset = Math.max(opset, standardOpset(model.message()));
                case Schema.Model.GRAPH -> {
                    require(graph == null, "The file is damaged: it holds two graphs.");
                    graph = model.message();
                }
                case Schema.Model.FUNCTIONS ->
                    require(false, "The file defines functions of its own; export it with them inlined.");
                default -> {}
            }
        }
        if (graph == null || irVersion == 0) {
            throw new ModelException("This is not an ONNX file: it has no version or no graph.");
        }
        require(
                irVersion >= OLDEST_IR && irVersion <= NEWEST_IR,
                "The file has ONNX IR version %d; versions %d to %d are supported.",
                irVersion,
                OLDEST_IR,
                NEWEST_IR);
        require(
                opset >= OLDEST_OPSET && opset <= NEWEST_OPSET,
                "The file uses operator set %d; sets %d to %d are supported, so export it with one of these.",
                opset,
                OLDEST_OPSET,
                NEWEST_OPSET);
        return new Reader((int) opset, outside).read(graph);
    }

    /** Version of the standard operators, or 0 when the entry is about others. */
    private static long standardOpset(ProtobufMessage entry) {
        String domain = "";
        long version = 0;
        while (entry.next()) {
            switch (entry.field()) {
                case Schema.Opset.DOMAIN -> domain = entry.text();
                case Schema.Opset.VERSION -> version = entry.integer();
                default -> {}
            }
        }
        return domain.isEmpty() || domain.equals("ai.onnx") ? version : 0;
    }

    private static final class Reader {
        private final int opset;
        private final ExternalData outside;
        private final List<SourceNode> nodes = new ArrayList<>();
        private final Map<String, NamedValue> initializers = new LinkedHashMap<>();
        private final List<SourceValue> inputs = new ArrayList<>();
        private final List<SourceValue> outputs = new ArrayList<>();
        private int nodeOutputs;

        Reader(int opset, ExternalData outside) {
            this.opset = opset;
            this.outside = outside;
        }

        SourceModel read(ProtobufMessage graph) {
            while (graph.next()) {
                switch (graph.field()) {
                    case Schema.Graph.NODE -> add(nodes, node(graph.message()), "nodes");
                    case Schema.Graph.INPUT -> add(inputs, SourceValue.read(graph.message()), "inputs");
                    case Schema.Graph.OUTPUT -> add(outputs, SourceValue.read(graph.message()), "outputs");
                    case Schema.Graph.INITIALIZER -> initializer(SourceTensor.read(graph.message(), outside));
                    case Schema.Graph.SPARSE_INITIALIZER ->
                        require(false, "The file stores constants sparsely; export them dense.");
                    default -> {}
                }
            }
            inputs.removeIf(input -> initializers.containsKey(input.name()));
            return new SourceModel(nodes, nodeOutputs, initializers, inputs, outputs);
        }

        private static <T> void add(List<T> list, T item, String what) {
            require(list.size() < MAXIMUM_ITEMS, "The file has more than %d %s.", MAXIMUM_ITEMS, what);
            list.add(item);
        }

        private void initializer(SourceTensor tensor) {
            require(initializers.size() < MAXIMUM_ITEMS, "The file has more than %d constants.", MAXIMUM_ITEMS);
            require(
                    initializers.put(tensor.name(), tensor.value()) == null,
                    "The file has two constants named '%s'.",
                    tensor.name());
        }

        private SourceNode node(ProtobufMessage message) {
            String domain = "";
            String operator = "";
            String name = "";
            List<String> nodeInputs = new ArrayList<>();
            List<String> results = new ArrayList<>();
            Map<String, Attribute> attributes = new HashMap<>();
            while (message.next()) {
                switch (message.field()) {
                    case Schema.Node.INPUT -> add(nodeInputs, message.text(), "inputs of one node");
                    case Schema.Node.OUTPUT -> add(results, message.text(), "outputs of one node");
                    case Schema.Node.NAME -> name = message.text();
                    case Schema.Node.OP_TYPE -> operator = message.text();
                    case Schema.Node.DOMAIN -> domain = message.text();
                    case Schema.Node.ATTRIBUTE -> attribute(attributes, message.message());
                    default -> {}
                }
            }
            int first = nodeOutputs;
            nodeOutputs +=
                    (int) results.stream().filter(result -> !result.isEmpty()).count();
            return new SourceNode(
                    nodes.size(),
                    domain.equals("ai.onnx") ? "" : domain,
                    operator,
                    name,
                    List.copyOf(nodeInputs),
                    List.copyOf(results),
                    attributes,
                    opset,
                    first);
        }

        private void attribute(Map<String, Attribute> attributes, ProtobufMessage message) {
            Attribute attribute = Attribute.read(message, outside);
            require(
                    attributes.put(attribute.name(), attribute) == null,
                    "Operator %d has two attributes named '%s'.",
                    nodes.size(),
                    attribute.name());
            require(
                    attributes.size() <= MAXIMUM_ATTRIBUTES,
                    "Operator %d has more than %d attributes.",
                    nodes.size(),
                    MAXIMUM_ATTRIBUTES);
        }
    }

    /** Without the nodes that no output of the network depends on. */
    SourceModel used() {
        Map<String, List<SourceNode>> producers = new HashMap<>();
        for (SourceNode node : nodes) {
            for (String output : node.outputs()) {
                producers.computeIfAbsent(output, missing -> new ArrayList<>()).add(node);
            }
        }
        Set<SourceNode> needed = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<String> open = new ArrayDeque<>();
        outputs.forEach(output -> open.add(output.name()));
        while (!open.isEmpty()) {
            for (SourceNode node : producers.getOrDefault(open.pop(), List.of())) {
                if (needed.add(node)) {
                    node.inputs().stream().filter(input -> !input.isEmpty()).forEach(open::push);
                }
            }
        }
        List<SourceNode> used = nodes.stream().filter(needed::contains).toList();
        return new SourceModel(used, nodeOutputs, initializers, inputs, outputs);
    }
}
