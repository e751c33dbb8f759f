// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of a batch above 1. */
class OnnxFixedBatchTest {
    private static Graph read(OnnxNetwork network) {
        return OnnxImporter.read("small", ByteBuffer.wrap(network.file()));
    }

    private static String weights(OnnxNetwork network, int... shape) {
        double[] values = new double[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(values, i -> (i * 37 % 19 - 9) / 16.0);
        return network.constant(shape, values);
    }

    private static String reshaped(OnnxNetwork network, String value, long... shape) {
        return network.node("Reshape", List.of(value, network.ints(shape)));
    }

    /** What exporters write for a batch: shapes with its size in them, and shapes calculated from the input's. */
    private static OnnxNetwork network(int frames) {
        OnnxNetwork network = new OnnxNetwork().input("image", frames, 6, 4, 4);
        String map = network.node(
                "Conv",
                List.of("image", weights(network, 8, 6, 3, 3)),
                "pads",
                new long[] {1, 1, 1, 1},
                "kernel_shape",
                new long[] {3, 3});
        String grouped = reshaped(network, map, frames, 2, 4, 4, 4);
        String turned = network.node("Transpose", List.of(grouped), "perm", new long[] {0, 2, 1, 3, 4});
        String shuffled = reshaped(network, turned, 0, -1, 4, 4);
        String sum = network.node("Add", List.of(shuffled, weights(network, 8, 1, 1)));
        String larger = network.node(
                "Resize",
                List.of(sum, "", "", network.ints(frames, 8, 8, 8)),
                "mode",
                "nearest",
                "coordinate_transformation_mode",
                "asymmetric",
                "nearest_mode",
                "floor");
        String part = network.node(
                "Slice",
                List.of(larger, network.ints(0, 1), network.ints(frames, 7), network.ints(0, 2), network.ints(1, 1)));
        String padded = network.node("Pad", List.of(part, network.ints(0, 0, 1, 0, 0, 0, 0, 1)));
        String joined = network.node("Concat", List.of(padded, padded), "axis", 1);
        String mean = network.node("GlobalAveragePool", List.of(joined));
        String shape = network.node("Shape", List.of(mean));
        String batch = network.node("Gather", List.of(shape, network.ints(0)), "axis", 0);
        String target = network.node("Concat", List.of(batch, network.ints(-1)), "axis", 0);
        String flat = network.node("Reshape", List.of(mean, target));
        String rows = network.node("Squeeze", List.of(network.node("Unsqueeze", List.of(flat, network.ints(2)))));
        String scores = network.node("MatMul", List.of(rows, weights(network, 16, 5)));
        network.add("", "Softmax", List.of(scores), List.of("scores"), "axis", 1);
        network.outputShapes.put("scores", new Object[] {frames, 5});
        return network.output("scores");
    }

    @Test
    void a_batch_of_frames_is_the_network_of_one() {
        Graph several = read(network(3));
        assertEquals(3, several.batch());
        Graph two = read(network(2));
        assertEquals(2, two.batch());
        assertArrayEquals(GraphCodec.write(two.withBatch(1)), GraphCodec.write(several.withBatch(1)));
    }

    private static OnnxNetwork formulas(int frames) {
        OnnxNetwork network = new OnnxNetwork().input("image", frames, 6, 4, 4);
        String normal =
                network.node("InstanceNormalization", List.of("image", weights(network, 6), weights(network, 6)));
        String rectified = network.node("PRelu", List.of(normal, weights(network, 4, 4)));
        String mean = network.node("Mean", List.of(network.node("Mish", List.of(rectified)), "image"));
        String curved = network.node("Neg", List.of(network.node("Erf", List.of(mean))));
        String power = network.node("Pow", List.of(curved, network.constant(new int[0], 3)));
        network.add("", "ReduceL2", List.of(power), List.of("norm"), "axes", new long[] {1});
        network.outputShapes.put("norm", new Object[] {frames, 1, 4, 4});
        return network.output("norm");
    }

    @Test
    void formulas_are_those_of_one_frame() {
        Graph several = read(formulas(3));
        assertEquals(3, several.batch());
        assertArrayEquals(GraphCodec.write(read(formulas(1))), GraphCodec.write(several.withBatch(1)));
    }

    @Test
    void constants_that_differ_from_frame_to_frame_are_not_joined() {
        OnnxNetwork network = new OnnxNetwork().input("image", 4, 4, 4, 4);
        assertMixing(network.output(network.node("Concat", List.of("image", weights(network, 4, 1, 4, 4)), "axis", 1)));
    }

    private static void assertMixing(String operator, List<String> more, Object... attributes) {
        OnnxNetwork network = new OnnxNetwork().input("image", 4, 4, 4, 4);
        List<String> inputs = new ArrayList<>(List.of("image"));
        for (String numbers : more) {
            inputs.add(
                    numbers.equals("image")
                            ? numbers
                            : network.ints(Arrays.stream(numbers.split(","))
                                    .mapToLong(Long::parseLong)
                                    .toArray()));
        }
        assertMixing(network.output(network.node(operator, inputs, attributes)));
    }

    private static void assertMixing(OnnxNetwork network) {
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        assertTrue(
                problem.getMessage()
                        .endsWith("it may compute one of the 4 frames of its batch from another; export with batch 1."),
                problem.getMessage());
    }

    @Test
    void what_mixes_frames_is_refused() {
        assertMixing("Transpose", List.of(), "perm", new long[] {1, 0, 2, 3});
        assertMixing("Transpose", List.of());
        assertMixing("Concat", List.of("image"), "axis", 0);
        assertMixing("Softmax", List.of(), "axis", 0);
        assertMixing("ReduceMean", List.of(), "axes", new long[] {0, 2});
        assertMixing("ReduceMax", List.of());
        assertMixing("ArgMax", List.of());
        assertMixing("Slice", List.of("0", "1", "0"));
        assertMixing("Slice", List.of("3", "-9", "0", "-1"));
        assertMixing("Pad", List.of("4,0,0,0,0,0,0,0"));
        assertMixing("Gather", List.of("0,0,0,0"));
        assertMixing("Flatten", List.of(), "axis", 0);
        assertMixing("Reshape", List.of("1,-1"));
        assertMixing("Reshape", List.of("-1,128"));
        assertMixing("Unsqueeze", List.of("0"));
    }

    @Test
    void operands_are_of_the_same_frame_or_of_none() {
        OnnxNetwork own = new OnnxNetwork().input("image", 4, 3, 2, 2);
        assertMixing(own.output(own.node("Add", List.of("image", weights(own, 4, 1, 1, 1)))));
        OnnxNetwork higher = new OnnxNetwork().input("image", 4, 3, 2, 2);
        assertMixing(higher.output(higher.node("Mul", List.of(weights(higher, 1, 1, 1, 1, 2), "image"))));
        OnnxNetwork squared = new OnnxNetwork().input("image", 4, 4);
        assertMixing(squared.output(squared.node("MatMul", List.of("image", "image"))));
        OnnxNetwork turned = new OnnxNetwork().input("image", 4, 4);
        assertMixing(turned.output(turned.node("Gemm", List.of("image", weights(turned, 4, 2)), "transA", 1)));
        OnnxNetwork rows = new OnnxNetwork().input("image", 4, 4);
        assertMixing(rows.output(rows.node("Gemm", List.of("image", weights(rows, 4, 2), weights(rows, 4, 2)))));
    }

    @Test
    void inputs_of_other_batches_are_refused() {
        OnnxNetwork network = new OnnxNetwork().input("image", 4, 3, 2, 2).input("other", 2, 3, 2, 2);
        network.output(network.node("Concat", List.of("image", "other"), "axis", 1));
        ModelException problem = assertThrows(ModelException.class, () -> read(network));
        assertTrue(problem.getMessage().contains("'other' has batch 2 beside another of 4"), problem.getMessage());
    }
}
