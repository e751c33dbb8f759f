// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.reference.ReferenceExecutor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node says beyond or against its operator's definition is refused, not overlooked. */
class OnnxSignatureTest {
    private static void assertRefused(OnnxNetwork network, String... words) {
        ModelException problem = assertThrows(
                ModelException.class, () -> OnnxImporter.read("signature", ByteBuffer.wrap(network.file())));
        for (String word : words) {
            assertTrue(problem.getMessage().contains(word), problem.getMessage());
        }
    }

    private static OnnxNetwork image() {
        return new OnnxNetwork().input("input", 1, 4, 8, 8);
    }

    private static OnnxNetwork single(String operator, Object... attributes) {
        OnnxNetwork network = image();
        return network.output(network.node(operator, List.of("input"), attributes));
    }

    private static OnnxNetwork resized(Object... attributes) {
        OnnxNetwork network = image();
        String scales = network.constant(new int[] {4}, 1, 1, 2, 2);
        return network.output(network.node("Resize", List.of("input", "", scales), attributes));
    }

    @Test
    void a_word_that_the_operator_does_not_have_is_refused() {
        assertRefused(resized("nearest_mode", "nonsense"), "nearest_mode is 'nonsense'", "round_prefer_floor");
        assertRefused(resized("coordinate_transformation_mode", "nonsense"), "coordinate_transformation_mode");
        assertRefused(resized("keep_aspect_ratio_policy", "nonsense"), "keep_aspect_ratio_policy is 'nonsense'");
        assertRefused(resized("mode", "nonsense"), "mode is 'nonsense'; supported are nearest, linear");
        assertRefused(single("DepthToSpace", "blocksize", 2, "mode", "RCD"), "mode is 'RCD'; supported are DCR, CRD");
        assertRefused(single("MaxPool", "kernel_shape", new long[] {2, 2}, "auto_pad", "SAME"), "auto_pad is 'SAME'");
    }

    @Test
    void an_attribute_of_another_type_is_refused() {
        assertRefused(single("LeakyRelu", "alpha", 1), "'alpha' is of type INT instead of FLOAT");
        assertRefused(single("Softmax", "axis", 1f), "'axis' is of type FLOAT instead of INT");
        assertRefused(single("Transpose", "perm", 1), "'perm' is of type INT instead of INTS");
        assertRefused(resized("mode", 1), "'mode' is of type INT instead of STRING");
    }

    @Test
    void an_attribute_or_an_input_that_the_operator_does_not_have_is_refused() {
        assertRefused(single("Relu", "alpha", 0.5f), "attribute 'alpha'");
        OnnxNetwork network = image();
        network.output(network.node("Relu", List.of("input", "input")));
        assertRefused(network, "has 2 inputs; 1 are known");
    }

    @Test
    void an_input_that_nothing_produces_is_refused_also_where_it_would_not_be_read() {
        OnnxNetwork network = image();
        String scales = network.constant(new int[] {4}, 1, 1, 2, 2);
        network.output(network.node("Resize", List.of("input", "nowhere", scales)));
        assertRefused(network, "'nowhere', which nothing before it produces");
    }

    @Test
    void a_split_into_another_number_of_parts_than_its_outputs_is_refused() {
        OnnxNetwork network = image();
        network.opset = 18;
        network.add("", "Split", List.of("input"), List.of("a", "b"), "axis", 1, "num_outputs", 3);
        assertRefused(network.output("a").output("b"), "it has 2 outputs");
        OnnxNetwork uneven = image();
        uneven.add("", "Split", List.of("input"), List.of("a", "b", "c"), "axis", 1);
        assertRefused(uneven.output("a"), "does not split into 3 equal parts");
    }

    @Test
    void a_type_that_a_quantiser_names_twice_is_one_type() {
        OnnxNetwork network = image();
        network.opset = 21;
        String scale = network.constant(new int[0], 0.5);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
        String codes = network.node("QuantizeLinear", List.of("input", scale, zero), "output_dtype", 2);
        network.output(network.node("DequantizeLinear", List.of(codes, scale, zero)));
        assertRefused(network, "its output_dtype is UINT8, but its zero point has type INT8");
    }

    @Test
    void a_zero_point_of_another_type_than_its_codes_is_refused() {
        OnnxNetwork network = image();
        String scale = network.constant(new int[0], 0.5);
        String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
        String other = network.constant(new OnnxNetwork.Tensor(2, new int[0], new double[1]));
        String codes = network.node("QuantizeLinear", List.of("input", scale, zero));
        network.output(network.node("DequantizeLinear", List.of(codes, scale, other)));
        assertRefused(network, "its zero point has type UINT8, but its codes INT8");
    }

    @Test
    void two_attributes_of_one_name_are_refused() {
        OnnxNetwork network = single("Gemm", "alpha", 0.5f, "alphb", 2f);
        String file = new String(network.file(), StandardCharsets.ISO_8859_1).replace("alphb", "alpha");
        ModelException problem = assertThrows(
                ModelException.class,
                () -> OnnxImporter.read("twice", ByteBuffer.wrap(file.getBytes(StandardCharsets.ISO_8859_1))));
        assertTrue(problem.getMessage().contains("two attributes named 'alpha'"), problem.getMessage());
    }

    @Test
    void the_operator_set_that_a_softmax_over_codes_names_decides_what_it_goes_over() {
        for (int opset : new int[] {11, 13}) {
            OnnxNetwork network = image();
            network.inputType = 3;
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String lowest = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[] {-128}));
            String scale = network.constant(new int[0], 0.5);
            List<String> inputs = List.of("input", scale, zero, network.constant(new int[0], 1 / 256.0), lowest);
            network.output(network.node("com.microsoft", "QLinearSoftmax", inputs, "opset", opset, "axis", 1));
            byte[] codes = new ReferenceExecutor(OnnxImporter.read("softmax", ByteBuffer.wrap(network.file())))
                    .infer(new byte[4 * 8 * 8])
                    .get(0);
            // All are equal: 1/256 over all 256 elements, 1/4 over the 4 channels.
            assertEquals(opset < 13 ? 1 - 128 : 64 - 128, codes[0], "operator set " + opset);
        }
    }

    @Test
    void a_quantiser_that_divides_in_half_precision_is_refused() {
        for (int precision : new int[] {0, 1, 10, 16}) {
            OnnxNetwork network = image();
            network.opset = 23;
            String scale = network.constant(new int[0], 0.5);
            String zero = network.constant(new OnnxNetwork.Tensor(3, new int[0], new double[1]));
            String codes = network.node("QuantizeLinear", List.of("input", scale, zero), "precision", precision);
            network.output(network.node("DequantizeLinear", List.of(codes, scale, zero)));
            if (precision < 2) {
                OnnxImporter.read("precision", ByteBuffer.wrap(network.file()));
            } else {
                assertRefused(network, "divides in another precision than single");
            }
        }
    }
}
