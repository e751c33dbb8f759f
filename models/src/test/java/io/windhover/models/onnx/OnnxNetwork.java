// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small network that can be written as an ONNX file. */
public final class OnnxNetwork {
    /** An attribute that tells the oracle the shape of a result; the file does not hold it. */
    static final String SHAPE = "test_shape";

    /** Attributes are Long, Float, String, long[], float[] or Tensor. */
    record Node(
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, Object> attributes,
            String domain) {}

    /** A constant; {@code elementType} is ONNX's number, and the values are written in that type. */
    record Tensor(int elementType, int[] dimensions, double[] values) {
        static Tensor of(int[] dimensions, double... values) {
            return new Tensor(1, dimensions, values);
        }

        static Tensor ints(long... values) {
            double[] all = new double[values.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = values[i];
            }
            return new Tensor(7, new int[] {values.length}, all);
        }
    }

    final List<Node> nodes = new ArrayList<>();
    final Map<String, Tensor> constants = new LinkedHashMap<>();
    final Map<String, Object[]> inputs = new LinkedHashMap<>();
    final List<String> outputs = new ArrayList<>();
    /** The shapes that the file declares of outputs. */
    final Map<String, Object[]> outputShapes = new LinkedHashMap<>();

    int opset = 13;
    int irVersion = 8;
    boolean typedData;
    /** The name of the file that holds the constants' contents; empty where this one does. */
    String outside = "";

    /** What is in that file, once this one was made. */
    final ByteArrayOutputStream outsideBytes = new ByteArrayOutputStream();

    private int names;

    /** Dimensions are Integer, or String for one left open. */
    public OnnxNetwork input(String name, Object... dimensions) {
        inputs.put(name, dimensions);
        return this;
    }

    int inputType = 1;
    /** The element type that the file declares of its outputs; 0 declares none. */
    int outputType;

    String constant(Tensor tensor) {
        String name = "constant" + constants.size();
        constants.put(name, tensor);
        return name;
    }

    public String constant(int[] dimensions, double... values) {
        return constant(Tensor.of(dimensions, values));
    }

    public String ints(long... values) {
        return constant(Tensor.ints(values));
    }

    /** Adds a node of one output; attributes are pairs of name and value. */
    public String node(String operator, List<String> nodeInputs, Object... attributes) {
        return node("", operator, nodeInputs, attributes);
    }

    String node(String domain, String operator, List<String> nodeInputs, Object... attributes) {
        String output = "value" + names++;
        add(domain, operator, nodeInputs, List.of(output), attributes);
        return output;
    }

    public void add(
            String domain, String operator, List<String> nodeInputs, List<String> nodeOutputs, Object... attributes) {
        Map<String, Object> named = new LinkedHashMap<>();
        for (int i = 0; i < attributes.length; i += 2) {
            named.put((String) attributes[i], attributes[i + 1]);
        }
        nodes.add(new Node(operator, nodeInputs, nodeOutputs, named, domain));
    }

    public OnnxNetwork output(String name) {
        outputs.add(name);
        return this;
    }

    @FunctionalInterface
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    public byte[] file() {
        return message(out -> {
            out.writeInt64(1, irVersion);
            out.writeString(2, "test");
            out.writeByteArray(7, message(this::graph));
            out.writeByteArray(8, message(opsets -> {
                opsets.writeString(1, "");
                opsets.writeInt64(2, opset);
            }));
        });
    }

    private void graph(CodedOutputStream out) throws IOException {
        for (Node node : nodes) {
            out.writeByteArray(1, message(fields -> node(fields, node)));
        }
        out.writeString(2, "graph");
        for (Map.Entry<String, Tensor> constant : constants.entrySet()) {
            out.writeByteArray(5, tensor(constant.getKey(), constant.getValue()));
        }
        for (Map.Entry<String, Object[]> input : inputs.entrySet()) {
            out.writeByteArray(11, value(inputType, input.getKey(), input.getValue()));
        }
        for (String output : outputs) {
            out.writeByteArray(12, value(outputType, output, outputShapes.getOrDefault(output, new Object[0])));
        }
    }

    private static void node(CodedOutputStream out, Node node) throws IOException {
        for (String input : node.inputs()) {
            out.writeString(1, input);
        }
        for (String output : node.outputs()) {
            out.writeString(2, output);
        }
        out.writeString(3, "node of " + node.outputs().get(0));
        out.writeString(4, node.operator());
        for (Map.Entry<String, Object> attribute : node.attributes().entrySet()) {
            if (attribute.getKey().equals(SHAPE)) {
                continue;
            }
            out.writeByteArray(5, message(fields -> attribute(fields, attribute.getKey(), attribute.getValue())));
        }
        out.writeString(7, node.domain());
    }

    private static void attribute(CodedOutputStream out, String name, Object value) throws IOException {
        out.writeString(1, name);
        int type;
        if (value instanceof Float real) {
            out.writeFloat(2, real);
            type = 1;
        } else if (value instanceof Number number) {
            out.writeInt64(3, number.longValue());
            type = 2;
        } else if (value instanceof String text) {
            out.writeByteArray(4, text.getBytes(StandardCharsets.UTF_8));
            type = 3;
        } else if (value instanceof Tensor tensor) {
            out.writeByteArray(5, OnnxNetwork.raw("", tensor));
            type = 4;
        } else if (value instanceof float[] reals) {
            for (float real : reals) {
                out.writeFloat(7, real);
            }
            type = 6;
        } else {
            for (long integer : (long[]) value) {
                out.writeInt64(8, integer);
            }
            type = 7;
        }
        out.writeInt32(20, type);
    }

    private byte[] tensor(String name, Tensor tensor) {
        if (!outside.isEmpty()) {
            return outside(name, tensor);
        }
        return typedData ? typed(name, tensor) : raw(name, tensor);
    }

    private byte[] outside(String name, Tensor tensor) {
        byte[] data = data(tensor);
        int offset = outsideBytes.size();
        outsideBytes.writeBytes(data);
        return message(out -> {
            head(out, name, tensor);
            out.writeByteArray(13, entry("location", outside));
            out.writeByteArray(13, entry("offset", String.valueOf(offset)));
            out.writeByteArray(13, entry("length", String.valueOf(data.length)));
            out.writeInt32(14, 1);
        });
    }

    private static byte[] entry(String key, String value) {
        return message(out -> {
            out.writeString(1, key);
            out.writeString(2, value);
        });
    }

    private static void head(CodedOutputStream out, String name, Tensor tensor) throws IOException {
        for (int dimension : tensor.dimensions()) {
            out.writeInt64(1, dimension);
        }
        out.writeInt32(2, tensor.elementType());
        out.writeString(8, name);
    }

    private static byte[] raw(String name, Tensor tensor) {
        return message(out -> {
            head(out, name, tensor);
            out.writeByteArray(9, data(tensor));
        });
    }

    private static byte[] data(Tensor tensor) {
        ByteBuffer data = ByteBuffer.allocate(8 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : tensor.values()) {
            switch (tensor.elementType()) {
                case 1 -> data.putFloat((float) value);
                case 2, 3, 9 -> data.put((byte) value);
                case 6 -> data.putInt((int) value);
                case 7 -> data.putLong((long) value);
                default -> data.putDouble(value);
            }
        }
        return Arrays.copyOf(data.array(), data.position());
    }

    private static byte[] typed(String name, Tensor tensor) {
        return message(out -> {
            head(out, name, tensor);
            for (double value : tensor.values()) {
                switch (tensor.elementType()) {
                    case 1 -> out.writeFloat(4, (float) value);
                    case 2, 3, 6, 9 -> out.writeInt32(5, (int) value);
                    case 7 -> out.writeInt64(7, (long) value);
                    default -> out.writeDouble(10, value);
                }
            }
        });
    }

    private static byte[] value(int elementType, String name, Object... dimensions) {
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(
                    2,
                    message(type -> type.writeByteArray(1, message(tensor -> {
                        if (elementType != 0) {
                            tensor.writeInt32(1, elementType);
                        }
                        tensor.writeByteArray(2, message(shape -> {
                            for (Object dimension : dimensions) {
                                shape.writeByteArray(1, message(one -> {
                                    if (dimension instanceof String open) {
                                        one.writeString(2, open);
                                    } else {
                                        one.writeInt64(1, (Integer) dimension);
                                    }
                                }));
                            }
                        }));
                    }))));
        });
    }
}
