// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says of its outputs must be true of what its operators make. */
class OnnxOutputsTest {
    private static final int FLOAT = 1;
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int INT32 = 6;
    private static final int FLOAT16 = 10;

    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("outputs", ByteBuffer.wrap(network.file()));
    }

    private static void assertRefused(OnnxNetwork network, String words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    /** Codes of this type made of a real input. */
    private static String codes(OnnxNetwork network, int type) {
        String zero = network.constant(new OnnxNetwork.Tensor(type, new int[0], new double[1]));
        String one = network.constant(new int[0], 1);
        String real = network.node(
                "DequantizeLinear", List.of(network.node("QuantizeLinear", List.of("input", one, zero)), one, zero));
        return network.node("QuantizeLinear", List.of(network.node("Relu", List.of(real)), one, zero));
    }

    @Test
    void an_output_of_another_type_than_declared_is_refused() {
        for (int made : new int[] {FLOAT, UINT8, INT8}) {
            for (int declared : new int[] {0, FLOAT, UINT8, INT8, INT32, FLOAT16}) {
                OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
                network.outputType = declared;
                network.output(made == FLOAT ? network.node("Relu", List.of("input")) : codes(network, made));
                if (declared == 0 || declared == made) {
                    read(network);
                } else {
                    assertRefused(
                            network,
                            String.format(
                                    "Output '%s' is declared to hold %s, but its operators make %s.",
                                    network.outputs.get(0), ElementType.name(declared), ElementType.name(made)));
                }
            }
        }
    }

    @Test
    void an_output_listed_twice_is_refused() {
        OnnxNetwork twice = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String value = twice.node("Relu", List.of("input"));
        assertRefused(twice.output(value).output(value), "The file lists its output 'value0' twice");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_value_under_two_names_is_two_outputs(boolean quantised) {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String first = quantised ? codes(network, INT8) : network.node("Relu", List.of("input"));
        Graph graph = read(network.output(first).output(network.node("Identity", List.of(first))));
        ByteBuffer bytes = ByteBuffer.allocate(48 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 48; i++) {
            bytes.putFloat(i - 20);
        }
        List<byte[]> outputs = new ReferenceExecutor(graph).infer(bytes.array());
        assertArrayEquals(outputs.get(0), outputs.get(1));
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    network.outputs.get(i), graph.tensor(graph.outputs()[i]).name());
        }
    }

    /** Under the names and shapes that the file gives them, over real numbers and over codes. */
    @ParameterizedTest
    @CsvSource({"false,Transpose", "true,Transpose", "false,Reshape", "true,Reshape", "false,rows", "true,rows"})
    void an_output_and_another_view_of_it_are_two(boolean quantised, String operator) {
        for (boolean swapped : new boolean[] {false, true}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            String codes = codes(network, INT8);
            String zero = network.constant(new OnnxNetwork.Tensor(INT8, new int[0], new double[1]));
            String y = quantised
                    ? network.node("DequantizeLinear", List.of(codes, network.constant(new int[0], 1), zero))
                    : network.node("Relu", List.of("input"));
            String other = switch (operator) {
                case "Transpose" -> network.node("Transpose", List.of(y), "perm", new long[] {0, 2, 3, 1});
                case "rows" -> network.node("Transpose", List.of(y), "perm", new long[] {0, 1, 3, 2});
                default -> network.node("Reshape", List.of(y, network.ints(1, 3, 16)));
            };
            network.output(swapped ? other : y).output(swapped ? y : other);
            Graph graph = read(network);
            ByteBuffer bytes = ByteBuffer.allocate(48 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 48; i++) {
                bytes.putFloat(i);
            }
            List<byte[]> made = new ReferenceExecutor(graph).infer(bytes.array());
            assertEquals(
                    network.outputs,
                    Arrays.stream(graph.outputs())
                            .mapToObj(output -> graph.tensor(output).name())
                            .toList());
            assertArrayEquals(bytes.array(), made.get(swapped ? 1 : 0));
            ByteBuffer viewed = ByteBuffer.wrap(made.get(swapped ? 0 : 1)).order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < 48; i++) {
                int inOrder = operator.equals("Transpose")
                        ? i
                        : operator.equals("rows") ? i % 3 + 3 * (4 * (i / 3 % 4) + i / 12) : i / 16 + 3 * (i % 16);
                assertEquals(inOrder, viewed.getFloat(i * Float.BYTES));
            }
        }
    }

    @Test
    void a_value_and_its_codes_are_two_outputs() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String codes = codes(network, UINT8);
        String zero = network.constant(new OnnxNetwork.Tensor(UINT8, new int[0], new double[1]));
        String real = network.node("DequantizeLinear", List.of(codes, network.constant(new int[0], 1), zero));
        assertEquals(2, read(network.output(codes).output(real)).outputs().length);
    }

    /** Alone, turned round, and beside a layer. */
    @ParameterizedTest
    @ValueSource(ints = {UINT8, INT8})
    void codes_that_the_caller_feeds_may_leave_as_real_numbers(int type) {
        for (String operator : new String[] {"Identity", "Transpose", "Sigmoid"}) {
            OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
            network.inputType = type;
            String zero = network.constant(new OnnxNetwork.Tensor(type, new int[0], new double[] {5}));
            String scale = network.constant(new int[0], 0.5);
            String real = network.node("DequantizeLinear", List.of("input", scale, zero));
            network.output(
                    operator.equals("Transpose")
                            ? network.node("Transpose", List.of(real), "perm", new long[] {0, 1, 3, 2})
                            : real);
            if (operator.equals("Sigmoid")) {
                network.output(network.node("Sigmoid", List.of(real)));
            }
            byte[] codes = new byte[48];
            new Random(type).nextBytes(codes);
            ByteBuffer made = ByteBuffer.wrap(
                            new ReferenceExecutor(read(network)).infer(codes).get(0))
                    .order(ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < codes.length; i++) {
                int from = operator.equals("Transpose") ? 12 * (i / 3 % 4) + 3 * (i / 12) + i % 3 : i;
                int code = type == UINT8 ? codes[from] & 0xFF : codes[from];
                assertEquals(0.5 * (code - 5), made.getFloat(i * Float.BYTES), operator + " " + i);
            }
        }
    }

    @Test
    void an_output_that_is_an_input_or_a_constant_is_refused_as_that() {
        OnnxNetwork input = new OnnxNetwork().input("input", 1, 3, 4, 4);
        assertRefused(
                input.output(input.node("Identity", List.of("input"))),
                "Output 'value0' is the input 'input' as it is, and nothing is left to compute");
        OnnxNetwork constant = new OnnxNetwork().input("input", 1, 3, 4, 4);
        assertRefused(
                constant.output(constant.node("Neg", List.of(constant.constant(new int[] {2}, 1, 2)))),
                "Output 'value0' is a constant; remove it");
    }

    @Test
    void an_input_without_elements_is_refused_as_that() {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 0, 4);
        assertRefused(
                network.output(network.node("Relu", List.of("input"))),
                "Input 'input' has no elements, because its dimension 2 is 0.");
    }
}
