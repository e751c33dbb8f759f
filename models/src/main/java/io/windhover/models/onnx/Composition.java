// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** A node that is a formula of other operators, one of which makes its result. */
final class Composition {
    private final Translation network;
    private final SourceNode node;
    /** Values that later parts of the formula may read, so that none is changed in its place. */
    private final Set<Integer> held = new HashSet<>();

    private final List<String> inputs;

    Composition(Translation network, SourceNode node) {
        this.network = network;
        this.node = node;
        this.inputs = new ArrayList<>(node.inputs());
        inputs.forEach(this::hold);
    }

    private void hold(String name) {
        if (network.find(name) instanceof Activation activation && held.add(activation.tensorId())) {
            network.draft(activation).uses++;
        }
    }

    String input(int input) {
        return inputs.get(input);
    }

    String number(double value) {
        return constant(new int[0], (float) value);
    }

    String constant(int[] dimensions, float... values) {
        return network.temporary(Constant.ofFloats(dimensions, values));
    }

    /** A part of the formula; its name. */
    String part(String operator, String... operands) {
        return part(operator, node.attributes(), operands);
    }

    String part(String operator, Map<String, Attribute> attributes, String... operands) {
        String name = network.temporary();
        read(operator, attributes, List.of(name), operands);
        if (network.find(name) instanceof Activation activation) {
            if (network.draft(activation).name.equals(name)) {
                network.renameAuxiliary(activation.tensorId(), node.outputs().get(0) + " " + operator);
            }
            hold(name);
        }
        return name;
    }

    /** The part that makes the node's result. */
    void result(String operator, String... operands) {
        result(operator, node.attributes(), operands);
    }

    void result(String operator, Map<String, Attribute> attributes, String... operands) {
        read(operator, attributes, node.outputs(), operands);
        held.forEach(tensorId -> network.draft(tensorId).uses--);
    }

    /** The last part, of which the node itself makes its result. */
    Activation value(String operator, String... operands) {
        String name = part(operator, operands);
        held.forEach(tensorId -> network.draft(tensorId).uses--);
        return (Activation) Objects.requireNonNull(network.find(name));
    }

    private void read(String operator, Map<String, Attribute> attributes, List<String> outputs, String... operands) {
        SourceNode part = new SourceNode(
                node.index(),
                OnnxImporter.isLowBit(operator) ? node.domain() : "",
                operator,
                node.name(),
                List.of(operands),
                outputs,
                attributes,
                node.opset(),
                node.firstOutput());
        part.requirePresent(OnnxImporter.importer(part), "it is made of an operator that is not known.")
                .read(network, part);
    }
}
