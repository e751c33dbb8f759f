// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.tflite.ModelFile.Options;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Small files that together hold every operator the importer reads, and the shape calculations of exporters. */
public final class SmallFiles {
    private static final int INT8 = Schema.Type.INT8;
    private static final Map<String, IntFunction<ByteBuffer>> FILES = new TreeMap<>(Map.of(
            "element-wise", SmallFiles::elementwise,
            "rectifiers and tables", SmallFiles::tables,
            "slices and joins", SmallFiles::slices,
            "rearrangements", SmallFiles::rearrangements,
            "weighted", SmallFiles::weighted,
            "host", SmallFiles::host,
            "open batch", frames -> openBatch()));

    private SmallFiles() {}

    public static List<String> names() {
        return List.copyOf(FILES.keySet());
    }

    public static byte[] bytes(String name) {
        return bytes(name, 1);
    }

    /** The same for a batch of frames; the one of an open batch is as it is. */
    static byte[] bytes(String name, int frames) {
        return FILES.get(name).apply(frames).array();
    }

    private static byte[] random(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private static int map(ModelFile file, int... shape) {
        return file.tensor(INT8, 0.25f, -4, shape);
    }

    private static ByteBuffer elementwise(int frames) {
        ModelFile file = new ModelFile();
        int first = map(file, frames, 4, 4, 6);
        int second = map(file, frames, 4, 4, 1);
        int row = map(file, frames, 1, 4, 6);
        int channels = file.constant(INT8, 0.125f, 3, random(6), 6);
        int[] steps = new int[7];
        Arrays.setAll(steps, i -> map(file, frames, 4, 4, 6));
        file.operator(
                BuiltinOperator.ADD,
                new int[] {second, first},
                new int[] {steps[0]},
                Options.none().with(0, (byte) 1));
        file.operator(BuiltinOperator.SUB, new int[] {channels, steps[0]}, steps[1]);
        file.operator(BuiltinOperator.MUL, new int[] {steps[1], row}, steps[2]);
        file.operator(BuiltinOperator.MAXIMUM, new int[] {steps[2], first}, steps[3]);
        file.operator(
                BuiltinOperator.MINIMUM, new int[] {steps[3], file.constant(INT8, 0.25f, -4, random(1))}, steps[4]);
        file.operator(BuiltinOperator.PRELU, new int[] {steps[4], channels}, steps[5]);
        file.operator(BuiltinOperator.ADD, new int[] {steps[5], row}, steps[6]);
        int mean = map(file, frames, 6);
        file.operator(BuiltinOperator.MEAN, new int[] {steps[6], file.integers(1, 2)}, mean);
        return file.build(new int[] {first, second, row}, mean);
    }

    /** Functions of codes and sums of reals that no engine computes. */
    private static ByteBuffer host(int frames) {
        ModelFile file = new ModelFile();
        int input = map(file, frames, 3, 3, 5);
        int means = file.constant(INT8, 0.125f, 3, random(5), 5);
        int squares = map(file, frames, 3, 3, 5);
        int unit = file.tensor(INT8, 1f / 128, 0, frames, 3, 3, 5);
        int quotients = map(file, frames, 3, 3, 5);
        int reals = file.tensor(Schema.Type.FLOAT32, 0, 0, frames, 3, 3, 5);
        int lengths = file.tensor(Schema.Type.FLOAT32, 0, 0, frames, 3, 3, 5);
        int sums = file.tensor(Schema.Type.FLOAT32, 0, 0, frames, 3, 3, 5);
        file.operator(BuiltinOperator.SQUARED_DIFFERENCE, new int[] {input, means}, squares);
        file.operator(BuiltinOperator.L2_NORMALIZATION, new int[] {squares}, unit);
        int divisors = file.constant(INT8, 0.5f, -128, new byte[] {1, 2, -3, 40, 127}, 5);
        file.operator(BuiltinOperator.DIV, new int[] {unit, divisors}, quotients);
        file.operator(BuiltinOperator.DEQUANTIZE, new int[] {quotients}, reals);
        file.operator(BuiltinOperator.L2_NORMALIZATION, new int[] {reals}, lengths);
        file.operator(
                BuiltinOperator.CUMSUM,
                new int[] {lengths, file.integers(2)},
                new int[] {sums},
                Options.none().with(1, (byte) 1));
        return file.build(new int[] {input}, sums);
    }

    private static ByteBuffer tables(int frames) {
        ModelFile file = new ModelFile();
        int input = file.tensor(Schema.Type.FLOAT32, 0, 0, frames, 3, 3, 4);
        int last = map(file, frames, 3, 3, 4);
        file.operator(BuiltinOperator.QUANTIZE, new int[] {input}, last);
        int[] builtins = {
            BuiltinOperator.RELU,
            BuiltinOperator.RELU6,
            BuiltinOperator.RELU_N1_TO_1,
            BuiltinOperator.RELU_0_TO_1,
            BuiltinOperator.LEAKY_RELU,
            BuiltinOperator.LOGISTIC,
            BuiltinOperator.TANH,
            BuiltinOperator.HARD_SWISH,
            BuiltinOperator.ELU,
            BuiltinOperator.QUANTIZE
        };
        for (int builtin : builtins) {
            int next = map(file, frames, 3, 3, 4);
            file.operator(
                    builtin, new int[] {last}, new int[] {next}, Options.none().with(0, 0.25f));
            last = next;
        }
        int softmax = file.tensor(INT8, 1f / 256, -128, frames, 3, 3, 4);
        int logSoftmax = file.tensor(INT8, 1f / 16, 127, frames, 3, 3, 4);
        int output = file.tensor(Schema.Type.FLOAT32, 0, 0, frames, 3, 3, 4);
        file.operator(
                BuiltinOperator.SOFTMAX,
                new int[] {last},
                new int[] {softmax},
                Options.none().with(0, 1f));
        file.operator(BuiltinOperator.LOG_SOFTMAX, new int[] {softmax}, logSoftmax);
        file.operator(BuiltinOperator.DEQUANTIZE, new int[] {logSoftmax}, output);
        return file.build(new int[] {input}, output);
    }

    private static ByteBuffer slices(int frames) {
        ModelFile file = new ModelFile();
        int input = map(file, frames, 6, 4, 8);
        int[] halves = {map(file, frames, 6, 4, 4), map(file, frames, 6, 4, 4)};
        file.operator(
                BuiltinOperator.SPLIT,
                new int[] {file.integers(3), input},
                halves,
                Options.none().with(0, 2));
        int[] rows = {map(file, frames, 2, 4, 4), map(file, frames, 4, 4, 4)};
        file.operator(
                BuiltinOperator.SPLIT_V,
                new int[] {halves[0], file.integers(2, -1), file.integers(1)},
                rows,
                Options.none());
        int strided = map(file, frames, 2, 4, 4);
        file.operator(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {rows[1], file.integers(0, 0, 0, 0), file.integers(frames, 4, 4, 4), file.integers(1, 2, 1, 1)
                },
                new int[] {strided},
                Options.none().with(0, 1).with(1, 8));
        int sliced = map(file, frames, 2, 4, 4);
        file.operator(
                BuiltinOperator.SLICE,
                new int[] {halves[1], file.integers(0, 3, 0, 0), file.integers(frames, 2, 4, -1)},
                sliced);
        int joined = map(file, frames, 2, 12, 4);
        file.operator(
                BuiltinOperator.CONCATENATION,
                new int[] {rows[0], strided, sliced},
                new int[] {joined},
                Options.none().with(0, 2));
        int[] unpacked = {map(file, frames, 12, 4), map(file, frames, 12, 4)};
        file.operator(
                BuiltinOperator.UNPACK,
                new int[] {joined},
                unpacked,
                Options.none().with(0, 2).with(1, 1));
        int packed = map(file, frames, 12, 2, 4);
        file.operator(
                BuiltinOperator.PACK,
                new int[] {unpacked[1], unpacked[0]},
                new int[] {packed},
                Options.none().with(0, 2).with(1, 2));
        return file.build(new int[] {input}, packed);
    }

    private static ByteBuffer rearrangements(int frames) {
        ModelFile file = new ModelFile();
        int input = map(file, frames, 4, 4, 6);
        int grouped = map(file, frames, 4, 4, 2, 3);
        int shuffled = map(file, frames, 4, 4, 3, 2);
        file.operator(BuiltinOperator.RESHAPE, new int[] {input, file.integers(frames, 4, 4, 2, 3)}, grouped);
        file.operator(BuiltinOperator.TRANSPOSE, new int[] {grouped, file.integers(0, 1, 2, 4, 3)}, shuffled);
        int expanded = map(file, frames, 1, 4, 4, 3, 2);
        int again = map(file, frames, 4, 4, 3, 2);
        int flat = map(file, frames, 4, 4, 6);
        file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {shuffled, file.integers(1)}, expanded);
        file.operator(
                BuiltinOperator.SQUEEZE,
                new int[] {expanded},
                new int[] {again},
                Options.none().withAll(Schema.SqueezeOptions.DIMENSIONS, 1));
        file.operator(BuiltinOperator.RESHAPE, new int[] {again, file.integers(frames, 4, 4, 6)}, flat);
        int padded = map(file, frames, 6, 5, 6);
        int more = map(file, frames, 6, 5, 8);
        int mirrored = map(file, frames, 8, 8, 8);
        file.operator(BuiltinOperator.PAD, new int[] {flat, file.integers(0, 0, 1, 1, 0, 1, 0, 0)}, padded);
        file.operator(
                BuiltinOperator.PADV2,
                new int[] {padded, file.integers(0, 0, 0, 0, 0, 0, 1, 1), file.constant(INT8, 0.25f, -4, random(1))},
                more);
        file.operator(
                BuiltinOperator.MIRROR_PAD,
                new int[] {more, file.integers(0, 0, 1, 1, 2, 1, 0, 0)},
                new int[] {mirrored},
                Options.none().with(0, (byte) 1));
        int deep = map(file, frames, 4, 4, 32);
        int wide = map(file, frames, 8, 8, 8);
        file.operator(
                BuiltinOperator.SPACE_TO_DEPTH,
                new int[] {mirrored},
                new int[] {deep},
                Options.none().with(0, 2));
        file.operator(
                BuiltinOperator.DEPTH_TO_SPACE,
                new int[] {deep},
                new int[] {wide},
                Options.none().with(0, 2));
        int larger = map(file, frames, 16, 16, 8);
        int smaller = map(file, frames, 5, 7, 8);
        file.operator(
                BuiltinOperator.RESIZE_NEAREST_NEIGHBOR,
                new int[] {wide, file.integers(16, 16)},
                new int[] {larger},
                Options.none().with(1, (byte) 1));
        file.operator(
                BuiltinOperator.RESIZE_BILINEAR,
                new int[] {larger, file.integers(5, 7)},
                new int[] {smaller},
                Options.none().with(2, (byte) 1));
        int turned = map(file, frames, 5, 7, 8);
        file.operator(BuiltinOperator.REVERSE_V2, new int[] {smaller, file.integers(-2, 1)}, turned);
        return file.build(new int[] {input}, turned);
    }

    private static ByteBuffer weighted(int frames) {
        ModelFile file = new ModelFile();
        int input = map(file, frames, 6, 6, 3);
        int block = file.integers(2, 2);
        int split = map(file, 4 * frames, 5, 5, 3);
        int pieces = map(file, 4 * frames, 3, 3, 4);
        int joined = map(file, frames, 6, 6, 4);
        Options valid = Options.none().with(0, (byte) 1).with(1, 1).with(2, 1);
        file.operator(BuiltinOperator.SPACE_TO_BATCH_ND, new int[] {input, block, file.integers(2, 2, 2, 2)}, split);
        file.operator(
                BuiltinOperator.CONV_2D,
                new int[] {split, weights(file, 4, 3, 3, 3), biases(file, 4)},
                new int[] {pieces},
                valid);
        file.operator(BuiltinOperator.BATCH_TO_SPACE_ND, new int[] {pieces, block, file.integers(0, 0, 0, 0)}, joined);
        int depthwise = map(file, frames, 3, 3, 8);
        file.operator(
                BuiltinOperator.DEPTHWISE_CONV_2D,
                new int[] {joined, weights(file, 1, 3, 3, 8), biases(file, 8)},
                new int[] {depthwise},
                Options.none().with(1, 2).with(2, 2).with(3, 2).with(4, (byte) 3));
        int transposed = map(file, frames, 6, 6, 5);
        file.operator(
                BuiltinOperator.TRANSPOSE_CONV,
                new int[] {file.integers(frames, 6, 6, 5), weights(file, 5, 3, 3, 8), depthwise},
                new int[] {transposed},
                Options.none().with(1, 2).with(2, 2));
        int pooled = map(file, frames, 3, 3, 5);
        int largest = map(file, frames, 1, 1, 5);
        Options pool = Options.none()
                .with(0, (byte) 1)
                .with(1, 2)
                .with(2, 2)
                .with(3, 2)
                .with(4, 2);
        file.operator(BuiltinOperator.AVERAGE_POOL_2D, new int[] {transposed}, new int[] {pooled}, pool);
        file.operator(BuiltinOperator.MAX_POOL_2D, new int[] {pooled}, new int[] {largest}, pool);
        int connected = map(file, frames, 7);
        int multiplied = map(file, frames, 2);
        file.operator(
                BuiltinOperator.FULLY_CONNECTED, new int[] {largest, weights(file, 7, 5), biases(file, 7)}, connected);
        file.operator(BuiltinOperator.BATCH_MATMUL, new int[] {connected, weights(file, 7, 2)}, multiplied);
        return file.build(new int[] {input}, multiplied);
    }

    private static int weights(ModelFile file, int... shape) {
        return file.constant(INT8, 0.01f, 0, random(NdArray.elements(shape)), shape);
    }

    private static int biases(ModelFile file, int count) {
        return file.constant(Schema.Type.INT32, 0.0025f, 0, random(Integer.BYTES * count), count);
    }

    /** As Keras exports it: the batch is 2 and open, and a flattening computes its shape. */
    private static ByteBuffer openBatch() {
        ModelFile file = new ModelFile();
        int input = file.dynamic(INT8, 0.25f, -4, 2, 4, 4, 3);
        int shape = file.tensor(Schema.Type.INT32, 0, 0, 4);
        int batch = file.tensor(Schema.Type.INT32, 0, 0);
        int flatShape = file.tensor(Schema.Type.INT32, 0, 0, 2);
        int flat = file.dynamic(INT8, 0.25f, -4, 2, 48);
        file.operator(BuiltinOperator.SHAPE, new int[] {input}, shape);
        file.operator(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {shape, file.integers(0), file.integers(1), file.integers(1)},
                new int[] {batch},
                Options.none().with(4, 1));
        file.operator(
                BuiltinOperator.PACK,
                new int[] {batch, file.constant(Schema.Type.INT32, 0, 0, new byte[] {48, 0, 0, 0})},
                new int[] {flatShape},
                Options.none().with(0, 2));
        file.operator(BuiltinOperator.RESHAPE, new int[] {input, flatShape}, flat);
        int turned = file.tensor(INT8, 0.01f, 0, 48, 5);
        file.operator(BuiltinOperator.TRANSPOSE, new int[] {weights(file, 5, 48), file.integers(1, 0)}, turned);
        int output = file.dynamic(INT8, 0.5f, 0, 2, 5);
        file.operator(BuiltinOperator.BATCH_MATMUL, new int[] {flat, turned}, output);
        return file.build(new int[] {input}, output);
    }
}
