// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.models.ModelException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as the file describes it.
 *
 * @param inputs value names; "" stands for an optional input that is left out
 * @param opset version of the standard operators
 * @param firstOutput position of its first output among the outputs of all nodes
 */
record SourceNode(
        int index,
        String domain,
        String operator,
        String name,
        List<String> inputs,
        List<String> outputs,
        Map<String, Attribute> attributes,
        int opset,
        int firstOutput) {
    /** What it is, for messages. */
    String title() {
        return "Operator " + index + " (" + operator + (name.isEmpty() ? "" : " '" + name + "'") + ")";
    }

    /** A refusal that names this node. */
    @FormatMethod
    ModelException refuse(String format, Object... arguments) {
        return new ModelException(title() + " cannot be used: " + String.format(format, arguments));
    }

    @FormatMethod
    void require(boolean condition, String format, Object... arguments) {
        if (!condition) {
            throw refuse(format, arguments);
        }
    }

    /** The value; refuses the node when it is null. */
    @FormatMethod
    <T> T requirePresent(@Nullable T value, String format, Object... arguments) {
        if (value == null) {
            throw refuse(format, arguments);
        }
        return value;
    }

    /** The first element of a constant that stands for one number. */
    double number(Constant constant) {
        require(constant.count() > 0, "a constant without elements stands where it needs a number.");
        return constant.real(0);
    }

    boolean hasInput(int input) {
        return input < inputs.size() && !inputs.get(input).isEmpty();
    }

    /** Whether an output has a name, and so may be read. */
    boolean hasOutput(int output) {
        return output < outputs.size() && !outputs.get(output).isEmpty();
    }

    boolean has(String attribute) {
        return attributes.containsKey(attribute);
    }

    long integer(String attribute, long otherwise) {
        Attribute found = attribute(attribute, Attribute.Kind.INT);
        return found == null ? otherwise : found.integer();
    }

    float real(String attribute, float otherwise) {
        Attribute found = attribute(attribute, Attribute.Kind.FLOAT);
        return found == null ? otherwise : found.real();
    }

    String text(String attribute, String otherwise) {
        Attribute found = attribute(attribute, Attribute.Kind.STRING);
        return found == null ? otherwise : found.text();
    }

    /** A text that is one of these, the first where the node does not say. */
    String choice(String attribute, String... choices) {
        String given = text(attribute, choices[0]);
        require(
                List.of(choices).contains(given),
                "its %s is '%s'; supported are %s.",
                attribute,
                given,
                String.join(", ", choices));
        return given;
    }

    long @Nullable [] integers(String attribute) {
        Attribute found = attribute(attribute, Attribute.Kind.INTS);
        return found == null ? null : found.integers();
    }

    float @Nullable [] reals(String attribute) {
        Attribute found = attribute(attribute, Attribute.Kind.FLOATS);
        return found == null ? null : found.reals();
    }

    @Nullable
    Constant tensor(String attribute) {
        Attribute found = attribute(attribute, Attribute.Kind.TENSOR);
        return found == null ? null : found.tensor();
    }

    private @Nullable Attribute attribute(String attribute, Attribute.Kind kind) {
        Attribute found = attributes.get(attribute);
        require(
                found == null || found.kind() == kind,
                "its attribute '%s' is of type %s instead of %s.",
                attribute,
                found == null ? kind : found.kind(),
                kind);
        return found;
    }

    /** The same node by the definitions of another operator set. */
    SourceNode at(int otherOpset) {
        return new SourceNode(index, domain, operator, name, inputs, outputs, attributes, otherOpset, firstOutput);
    }

    /** The same node as another operator over other inputs, for operators that are others in disguise. */
    SourceNode as(String otherOperator, List<String> otherInputs) {
        return new SourceNode(index, "", otherOperator, name, otherInputs, outputs, attributes, opset, firstOutput);
    }
}
