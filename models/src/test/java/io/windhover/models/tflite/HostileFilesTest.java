// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.inspect.GraphSummary;
import io.windhover.models.tflite.ModelFile.Options;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Files that say much in few bytes: each is read or refused soon, with memory in proportion to its size. */
class HostileFilesTest {
    private static final int INT8 = Schema.Type.INT8;
    private static final int FLOAT32 = Schema.Type.FLOAT32;
    private static final Duration SLOWEST = Duration.ofSeconds(20);
    private static final long SPARE_BYTES = 64L << 20;
    private static final int BYTES_PER_FILE_BYTE = 1024;

    private static int map(ModelFile file, int... shape) {
        return file.tensor(INT8, 0.5f, 0, shape);
    }

    private static Graph read(ModelFile file, int input, int output) {
        ByteBuffer bytes = file.build(new int[] {input}, output);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = memory.getThreadAllocatedBytes(thread);
        try {
            return assertTimeout(SLOWEST, () -> {
                Graph graph = TfliteImporter.read("hostile", bytes);
                GraphSummary.of(graph);
                return graph;
            });
        } finally {
            long allocated = memory.getThreadAllocatedBytes(thread) - before;
            assertTrue(
                    allocated < SPARE_BYTES + (long) BYTES_PER_FILE_BYTE * bytes.limit(),
                    allocated + " bytes allocated for a file of " + bytes.limit());
        }
    }

    private static void assertRefused(ModelFile file, int input, int output, String words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(file, input, output));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    @Test
    void pads_beyond_any_map_are_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 1, 1, 1);
        int output = map(file, 1, 1 << 30, 1, 1);
        file.operator(
                BuiltinOperator.PAD,
                new int[] {input, file.integers(0, 0, 1 << 30, (1 << 30) - 1, 0, 0, 0, 0)},
                output);
        assertRefused(file, input, output, "Operator 0 (PAD)");
    }

    @Test
    void maps_are_resized_to_what_a_tensor_can_hold() {
        ModelFile possible = new ModelFile();
        int input = map(possible, 1, 2, 2, 1);
        int output = map(possible, 1, 40_000, 40_000, 1);
        possible.operator(
                BuiltinOperator.RESIZE_BILINEAR, new int[] {input, possible.integers(40_000, 40_000)}, output);
        assertEquals(1_600_000_000, read(possible, input, output).tensor(output).bytes());
        ModelFile impossible = new ModelFile();
        input = map(impossible, 1, 2, 2, 1);
        output = map(impossible, 1, 65_535, 65_535, 1);
        impossible.operator(
                BuiltinOperator.RESIZE_BILINEAR, new int[] {input, impossible.integers(65_535, 65_535)}, output);
        assertRefused(impossible, input, output, "2^31");
    }

    @Test
    void strides_and_kernels_beyond_any_map_are_refused() {
        int[] wrong = {0, -1, 65_537, Integer.MAX_VALUE};
        for (int number : wrong) {
            for (int field : new int[] {Schema.Pool2DOptions.STRIDE_WIDTH, Schema.Pool2DOptions.FILTER_HEIGHT}) {
                ModelFile file = new ModelFile();
                int input = map(file, 1, 4, 4, 1);
                int output = map(file, 1, 4, 4, 1);
                Options options = Options.none();
                for (int other = Schema.Pool2DOptions.STRIDE_WIDTH;
                        other <= Schema.Pool2DOptions.FILTER_HEIGHT;
                        other++) {
                    options.with(other, other == field ? number : 1);
                }
                file.operator(BuiltinOperator.MAX_POOL_2D, new int[] {input}, new int[] {output}, options);
                assertRefused(file, input, output, "outside 1..65536");
            }
        }
    }

    @Test
    void windows_as_large_as_a_constant_map_are_not_computed_while_reading() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 1, 1, 1);
        int constant = file.constant(INT8, 0.5f, 0, new byte[600 * 600], 1, 600, 600, 1);
        int pooled = map(file, 1, 600, 600, 1);
        int output = map(file, 1, 600, 600, 1);
        file.operator(
                BuiltinOperator.MAX_POOL_2D,
                new int[] {constant},
                new int[] {pooled},
                Options.none()
                        .with(Schema.Pool2DOptions.STRIDE_WIDTH, 1)
                        .with(Schema.Pool2DOptions.STRIDE_HEIGHT, 1)
                        .with(Schema.Pool2DOptions.FILTER_WIDTH, 1200)
                        .with(Schema.Pool2DOptions.FILTER_HEIGHT, 1200));
        file.operator(BuiltinOperator.ADD, new int[] {pooled, input}, output);
        assertEquals(MaxPool.class, read(file, input, output).operators().get(0).getClass());
    }

    @Test
    void one_slope_is_not_repeated_for_two_thousand_million_channels() {
        for (int type : new int[] {INT8, FLOAT32}) {
            ModelFile file = new ModelFile();
            float scale = type == INT8 ? 0.5f : 0;
            int channels = type == INT8 ? Integer.MAX_VALUE : Integer.MAX_VALUE / 4;
            int input = file.tensor(type, scale, 0, 1, channels);
            int slope = file.constant(type, scale, 0, new byte[type == INT8 ? 1 : 4], 1);
            int output = file.tensor(type, scale, 0, 1, channels);
            file.operator(BuiltinOperator.PRELU, new int[] {input, slope}, output);
            assertRefused(file, input, output, "Operator 0 (PRELU)");
        }
    }

    @Test
    void one_operator_listed_again_and_again_is_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 1 << 14);
        int[] outputs = new int[1 << 14];
        Arrays.fill(outputs, map(file, 1));
        file.operator(
                BuiltinOperator.UNPACK,
                new int[] {input},
                outputs,
                Options.none().with(Schema.UnpackOptions.AXIS, 1));
        file.copiesOfLastOperator = 1 << 15;
        assertRefused(file, input, outputs[0], "inputs and outputs");
    }

    @Test
    void weights_shared_by_thousands_of_layers_are_refused() {
        for (int type : new int[] {INT8, Schema.Type.UINT8, FLOAT32}) {
            ModelFile file = new ModelFile();
            float scale = type == FLOAT32 ? 0 : 0.5f;
            int input = file.tensor(type, scale, 0, 1, 4);
            int weights = file.constant(type, scale, 0, new byte[(type == FLOAT32 ? 4 : 1) << 16], 1 << 14, 4);
            int output = input;
            for (int i = 0; i < 4000; i++) {
                output = file.tensor(type, scale, 0, 1, 1 << 14);
                file.operator(BuiltinOperator.FULLY_CONNECTED, new int[] {input, weights}, output);
            }
            assertRefused(file, input, output, "share their weights");
        }
    }

    @Test
    void scales_shared_by_all_tensors_are_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 4);
        int output = map(file, 1, 4);
        for (int i = 0; i < 10_000; i++) {
            map(file, 1, 4);
        }
        file.operator(BuiltinOperator.RELU, new int[] {input}, output);
        file.sharedScales = 60_000;
        assertRefused(file, input, output, "scales");
    }

    @Test
    void scales_repeated_by_every_tensor_made_while_reading_are_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 2, 500, 2, 1);
        int[] outputs = new int[500];
        Arrays.fill(outputs, map(file, 1, 2, 2, 1));
        file.operator(
                BuiltinOperator.UNPACK,
                new int[] {input},
                outputs,
                Options.none().with(Schema.UnpackOptions.AXIS, 2));
        file.sharedScales = 4096;
        assertRefused(file, input, outputs[0], "scales");
    }

    @Test
    void more_scales_than_a_layer_has_channels_are_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 4);
        int output = map(file, 1, 4);
        file.operator(BuiltinOperator.RELU, new int[] {input}, output);
        file.sharedScales = 70_000;
        assertRefused(file, input, output, "70000 scales");
    }

    @Test
    void long_chains_are_read() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 2, 3, 4);
        int output = input;
        for (int i = 0; i < 30_000; i++) {
            output = map(file, 1, 2, i % 2 == 0 ? 4 : 3, i % 2 == 0 ? 3 : 4);
            file.operator(BuiltinOperator.RESHAPE, new int[] {i == 0 ? input : output - 1}, output);
        }
        assertEquals(30_000, read(file, input, output).operators().size());
    }

    @Test
    void operands_repeated_along_every_dimension_by_every_operator_are_refused() {
        ModelFile file = new ModelFile();
        int input = map(file, 1, 4096, 1, 2048, 1);
        int narrow = map(file, 1, 1, 16, 1, 1);
        int output = input;
        for (int i = 0; i < 3000; i++) {
            output = map(file, 1, 4096, 16, 2048, 1);
            file.operator(BuiltinOperator.ADD, new int[] {input, narrow}, output);
        }
        assertRefused(file, input, output, "(ADD)");
    }
}
