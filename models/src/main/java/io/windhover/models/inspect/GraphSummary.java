// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.inspect;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Preprocessing;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Tensor;
import java.util.Arrays;

/**
 * A graph as JSON: {@code name, batch, macs, parameters, inputs, outputs, labels, preprocessing, operators, tensors},
 * preprocessing {@code mean, deviation} where it is known. Operators have {@code index, name, operator, inputs,
 * outputs, output_shape, macs, parameters}, inputs and outputs being tensor indexes; tensors, the network's inputs and
 * outputs among them, have {@code index, name, type, shape, bytes, constant, quantization}. Weights are not included.
 */
public final class GraphSummary {
    /** Scales listed per tensor before the rest is left out. */
    private static final int MAXIMUM_SCALES = 4096;

    private GraphSummary() {}

    public static JsonObject of(Graph graph) {
        JsonObject summary = new JsonObject();
        summary.addProperty("name", graph.name());
        summary.addProperty("batch", graph.batch());
        summary.addProperty("macs", graph.macs());
        summary.addProperty("parameters", graph.parameters());
        summary.add("inputs", tensors(graph, graph.inputs()));
        summary.add("outputs", tensors(graph, graph.outputs()));
        JsonArray labels = new JsonArray();
        graph.labels().forEach(labels::add);
        summary.add("labels", labels);
        if (graph.preprocessing() != null) {
            summary.add("preprocessing", preprocessing(graph.preprocessing()));
        }
        JsonArray operators = new JsonArray();
        for (int i = 0; i < graph.operators().size(); i++) {
            operators.add(operator(graph, i));
        }
        summary.add("operators", operators);
        summary.add(
                "tensors",
                tensors(graph, graph.tensors().stream().mapToInt(Tensor::index).toArray()));
        return summary;
    }

    private static JsonObject preprocessing(Preprocessing preprocessing) {
        JsonObject json = new JsonObject();
        json.add("mean", reals(preprocessing.mean(), preprocessing.mean().length));
        json.add("deviation", reals(preprocessing.deviation(), preprocessing.deviation().length));
        return json;
    }

    private static JsonArray reals(float[] values, int count) {
        JsonArray array = new JsonArray();
        for (int i = 0; i < count; i++) {
            array.add(values[i]);
        }
        return array;
    }

    private static JsonArray tensors(Graph graph, int[] indexes) {
        JsonArray tensors = new JsonArray();
        for (int index : indexes) {
            tensors.add(tensor(graph.tensor(index)));
        }
        return tensors;
    }

    private static JsonObject operator(Graph graph, int index) {
        Operator operator = graph.operators().get(index);
        JsonObject json = new JsonObject();
        json.addProperty("index", index);
        json.addProperty("name", operator.name());
        json.addProperty("operator", operator.kind());
        json.add("inputs", integers(operator.inputs()));
        json.add("outputs", integers(operator.outputs()));
        json.add("output_shape", shape(graph.tensor(operator.output())));
        json.addProperty("macs", operator.macs(graph));
        json.addProperty("parameters", operator.parameters(graph));
        return json;
    }

    private static JsonObject tensor(Tensor tensor) {
        JsonObject json = new JsonObject();
        json.addProperty("index", tensor.index());
        json.addProperty("name", tensor.name());
        json.addProperty("type", tensor.type().name());
        json.add("shape", shape(tensor));
        json.addProperty("bytes", tensor.bytes());
        json.addProperty("constant", tensor.isConstant());
        if (tensor.quantization() != null) {
            json.add("quantization", quantization(tensor.quantization()));
        }
        return json;
    }

    private static JsonObject quantization(Quantization quantization) {
        JsonObject json = new JsonObject();
        int count = Math.min(quantization.scales().length, MAXIMUM_SCALES);
        json.add("scales", reals(quantization.scales(), count));
        json.add("zero_points", integers(Arrays.copyOf(quantization.zeroPoints(), count)));
        json.addProperty("axis", quantization.axis());
        return json;
    }

    private static JsonArray shape(Tensor tensor) {
        JsonArray shape = new JsonArray();
        tensor.shape().dimensions().forEach(shape::add);
        return shape;
    }

    private static JsonArray integers(int[] values) {
        JsonArray array = new JsonArray();
        for (int value : values) {
            array.add(value);
        }
        return array;
    }
}
