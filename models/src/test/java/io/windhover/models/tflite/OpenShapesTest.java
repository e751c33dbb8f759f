// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.SharedData;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.InputShapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OpenShapesTest {
    private static final Path NAME = Path.of("small.tflite");

    private static Graph read(ByteBuffer file, String... shapes) {
        byte[] contents = new byte[file.remaining()];
        file.duplicate().get(contents);
        return TfliteImporter.read(NAME, contents, InputShapes.parse(List.of(shapes)))
                .graph();
    }

    private static List<String> notes(ByteBuffer file, String... shapes) {
        byte[] contents = new byte[file.remaining()];
        file.duplicate().get(contents);
        return TfliteImporter.read(NAME, contents, InputShapes.parse(List.of(shapes)))
                .notes();
    }

    @Test
    void sizes_that_are_left_open_are_told() {
        ModelFile file = new ModelFile();
        int input = file.open(Schema.Type.INT8, 0.5f, 0, new int[] {1, 1, 1, 2}, new int[] {-1, -1, -1, 2});
        int output = file.open(Schema.Type.INT8, 0.5f, 0, new int[] {1, 1, 1, 2}, new int[] {-1, -1, -1, 2});
        file.operator(BuiltinOperator.RELU, new int[] {input}, output);
        ByteBuffer open = file.build(new int[] {input}, output);
        assertEquals(
                List.of("its file leaves sizes of input 't0' open ([-1, -1, -1, 2]), which are 1 now; "
                        + "give others with --shape"),
                notes(open));
        assertEquals(List.of(), notes(open, "1,5,4,2"));
        assertEquals(List.of(), notes(open, "1,1,1,2"));
        assertEquals(List.of(), notes(new Branches(false, 9, 7).build()));
    }

    private static void assertRefused(ByteBuffer file, String shape, String words) {
        ModelException problem = assertThrows(ModelException.class, () -> read(file, shape));
        assertTrue(problem.getMessage().contains(words), problem.getMessage());
    }

    /**
     * Both ways from a map: a stride and a pool, padding and a sum; then all of it averaged, and a layer of weights.
     */
    private static final class Branches {
        private final ModelFile file = new ModelFile();
        private final boolean open;
        private final int height;
        private final int width;

        /** @param open what is stored for height and width of every map is 1 then, as exporters do */
        Branches(boolean open, int height, int width) {
            this.open = open;
            this.height = height;
            this.width = width;
        }

        private int map(int rows, int columns, int channels) {
            int type = Schema.Type.INT8;
            return open
                    ? file.open(type, 0.5f, 3, new int[] {1, 1, 1, channels}, new int[] {1, -1, -1, channels})
                    : file.tensor(type, 0.5f, 3, 1, rows, columns, channels);
        }

        private int weights(int... shape) {
            byte[] contents = new byte[IntStream.of(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < contents.length; i++) {
                contents[i] = (byte) (i * 37);
            }
            return file.constant(Schema.Type.INT8, 0.01f, 0, contents, shape);
        }

        private int bias(int count) {
            return file.constant(Schema.Type.INT32, 0.005f, 0, new byte[4 * count], count);
        }

        private static ModelFile.Options window(int padding, int stride) {
            return ModelFile.Options.none()
                    .with(Schema.Conv2DOptions.PADDING, (byte) padding)
                    .with(Schema.Conv2DOptions.STRIDE_WIDTH, stride)
                    .with(Schema.Conv2DOptions.STRIDE_HEIGHT, stride);
        }

        ByteBuffer build() {
            int[] halved = {(height + 1) / 2, (width + 1) / 2};
            int input = map(height, width, 3);
            int strided = map(halved[0], halved[1], 4);
            file.operator(
                    BuiltinOperator.CONV_2D,
                    new int[] {input, weights(4, 3, 3, 3), bias(4)},
                    new int[] {strided},
                    window(Schema.Padding.SAME, 2));
            int padded = map(halved[0] + 1, halved[1] + 2, 4);
            file.operator(BuiltinOperator.PAD, new int[] {strided, file.integers(0, 0, 0, 1, 1, 1, 0, 0)}, padded);
            int pooled = map(halved[0] - 1, halved[1], 4);
            file.operator(
                    BuiltinOperator.MAX_POOL_2D,
                    new int[] {padded},
                    new int[] {pooled},
                    window(Schema.Padding.VALID, 1)
                            .with(Schema.Pool2DOptions.FILTER_HEIGHT, 3)
                            .with(Schema.Pool2DOptions.FILTER_WIDTH, 3));
            int deep = map(halved[0] - 1, halved[1], 4);
            file.operator(
                    BuiltinOperator.DEPTHWISE_CONV_2D,
                    new int[] {pooled, weights(1, 3, 3, 4), bias(4)},
                    new int[] {deep},
                    window(Schema.Padding.SAME, 1)
                            .with(Schema.DepthwiseConv2DOptions.DILATION_WIDTH, 2)
                            .with(Schema.DepthwiseConv2DOptions.DILATION_HEIGHT, 2));
            int sum = map(halved[0] - 1, halved[1], 4);
            file.operator(BuiltinOperator.ADD, new int[] {pooled, deep}, sum);
            int joined = map(halved[0] - 1, halved[1], 8);
            file.operator(
                    BuiltinOperator.CONCATENATION,
                    new int[] {sum, pooled},
                    new int[] {joined},
                    ModelFile.Options.none().with(Schema.ConcatenationOptions.AXIS, -1));
            int mean = file.tensor(Schema.Type.INT8, 0.5f, 3, 1, 8);
            file.operator(BuiltinOperator.MEAN, new int[] {joined, file.integers(1, 2)}, mean);
            int output = file.tensor(Schema.Type.INT8, 1, 0, 1, 5);
            file.operator(BuiltinOperator.FULLY_CONNECTED, new int[] {mean, weights(5, 8), bias(5)}, output);
            return file.build(new int[] {input}, output, joined);
        }
    }

    @Test
    void a_file_of_open_sizes_is_the_network_of_the_sizes_that_are_given() {
        ByteBuffer open = new Branches(true, 0, 0).build();
        for (int[] size : new int[][] {{9, 7}, {16, 33}, {6, 6}}) {
            byte[] expected = GraphCodec.write(read(new Branches(false, size[0], size[1]).build()));
            String given = "1," + size[0] + "," + size[1] + ",3";
            assertArrayEquals(expected, GraphCodec.write(read(open, given)));
            assertArrayEquals(expected, GraphCodec.write(read(open, "t0=" + given)));
        }
    }

    /** Sizes that the file computes from those of its maps, and what takes parts of these. */
    private static ByteBuffer upsampled(boolean open, int height, int width) {
        Branches maps = new Branches(open, height, width);
        ModelFile file = maps.file;
        int input = maps.map(height, width, 4);
        int shape = file.tensor(Schema.Type.INT32, 0, 0, 4);
        file.operator(BuiltinOperator.SHAPE, new int[] {input}, shape);
        int side = file.tensor(Schema.Type.INT32, 0, 0, 2);
        file.operator(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {shape, file.integers(1), file.integers(3), file.integers(1)},
                side);
        int twice = file.tensor(Schema.Type.INT32, 0, 0, 2);
        file.operator(BuiltinOperator.MUL, new int[] {side, file.integers(2)}, twice);
        int large = maps.map(2 * height, 2 * width, 4);
        file.operator(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, new int[] {input, twice}, large);
        int everyThird = maps.map((2 * height + 2) / 3, 2 * width - 1, 4);
        file.operator(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {large, file.integers(0, 0, 1, 0), file.integers(0, 0, 0, 0), file.integers(1, 3, 1, 1)},
                new int[] {everyThird},
                ModelFile.Options.none()
                        .with(Schema.StridedSliceOptions.BEGIN_MASK, 0b1011)
                        .with(Schema.StridedSliceOptions.END_MASK, 0b1111));
        int[] halves = {
            maps.map((2 * height + 2) / 3, 2 * width - 1, 2), maps.map((2 * height + 2) / 3, 2 * width - 1, 2)
        };
        file.operator(
                BuiltinOperator.SPLIT,
                new int[] {file.integers(3), everyThird},
                halves,
                ModelFile.Options.none().with(Schema.SplitOptions.PARTS, 2));
        int[] ones = new int[4];
        int[] from = {0, 1, 2, 3};
        for (int d : from) {
            ones[d] = file.tensor(Schema.Type.INT32, 0, 0);
        }
        int again = file.tensor(Schema.Type.INT32, 0, 0, 4);
        file.operator(BuiltinOperator.SHAPE, new int[] {halves[1]}, again);
        file.operator(
                BuiltinOperator.UNPACK,
                new int[] {again},
                ones,
                ModelFile.Options.none().with(Schema.UnpackOptions.COUNT, 4));
        int pixels = file.tensor(Schema.Type.INT32, 0, 0);
        file.operator(BuiltinOperator.MUL, new int[] {ones[1], ones[2]}, pixels);
        int line = file.tensor(Schema.Type.INT32, 0, 0, 3);
        file.operator(
                BuiltinOperator.PACK,
                new int[] {ones[0], pixels, ones[3]},
                new int[] {line},
                ModelFile.Options.none().with(Schema.PackOptions.COUNT, 3));
        int count = (2 * height + 2) / 3 * (2 * width - 1);
        int output = open
                ? file.open(Schema.Type.INT8, 0.5f, 3, new int[] {1, 1, 2}, new int[] {1, -1, 2})
                : file.tensor(Schema.Type.INT8, 0.5f, 3, 1, count, 2);
        file.operator(BuiltinOperator.RESHAPE, new int[] {halves[1], line}, output);
        return file.build(new int[] {input}, output, halves[0]);
    }

    @Test
    void sizes_that_a_file_computes_follow_those_that_are_given() {
        ByteBuffer open = upsampled(true, 0, 0);
        for (int[] size : new int[][] {{9, 7}, {4, 33}}) {
            byte[] expected = GraphCodec.write(read(upsampled(false, size[0], size[1])));
            assertArrayEquals(expected, GraphCodec.write(read(open, "1," + size[0] + "," + size[1] + ",4")));
        }
    }

    @Test
    void damaged_files_are_refused_with_one_error() {
        ByteBuffer file = upsampled(true, 0, 0);
        byte[] whole = new byte[file.remaining()];
        file.get(whole);
        int read = readable(whole, 5000, damaged -> read(ByteBuffer.wrap(damaged), "1,9,7,4"));
        assertTrue(read > 500, read + " were read");
        for (String name : SmallFiles.names()) {
            readable(
                    SmallFiles.bytes(name),
                    100,
                    damaged -> new ShapeInference(
                                    new SourceModel(ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN)), Set.of())
                            .run());
        }
    }

    private static int readable(byte[] whole, int mutants, Consumer<byte[]> reader) {
        Random random = new Random(1);
        int read = 0;
        for (int run = 0; run < mutants; run++) {
            byte[] damaged = whole.clone();
            for (int i = 0; i <= run % 3; i++) {
                damaged[random.nextInt(damaged.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt(9) - 4 : random.nextInt());
            }
            try {
                reader.accept(damaged);
                read++;
            } catch (ModelException refused) {
                assertTrue(refused.getMessage().length() > 10, refused.getMessage());
            }
        }
        return read;
    }

    @Test
    void sizes_that_do_not_fit_are_refused() {
        ByteBuffer open = new Branches(true, 0, 0).build();
        assertRefused(open, "1,2,9,3", "its input is too small");
        assertRefused(open, "1,9,7,4", "the file says [1, -1, -1, 3], where -1 is open");
        assertRefused(open, "1,9,7", "the file says [1, -1, -1, 3]");
        assertRefused(open, "image=1,9,7,3", "the network's inputs are [t0]");
        assertRefused(new Branches(false, 9, 7).build(), "1,8,7,3", "the file says [1, 9, 7, 3]");
        assertRefused(open, "1,9,0,3", "each dimension is a number from 1");
        assertRefused(open, "1,9,99999999999,3", "each dimension is a number from 1");
        assertRefused(open, "1,9,,3", "each dimension is a number from 1");
    }

    @Test
    void several_shapes_name_their_inputs() {
        assertThrows(ModelException.class, () -> InputShapes.parse(List.of("1,2,2,3", "a=1,2,2,3")));
        assertThrows(ModelException.class, () -> InputShapes.parse(List.of("a=1,2,2,3", "a=1,3,3,3")));
        InputShapes both = InputShapes.parse(List.of("b=1,2,2,3", "a=b=1,4"));
        assertEquals("{a=b=[1x4], b=[1x2x2x3]}", both.toString());
    }

    @Test
    void an_operator_whose_result_is_not_known_is_named() {
        ModelFile file = new ModelFile();
        int input = file.open(Schema.Type.INT8, 0.5f, 0, new int[] {1, 1, 1, 2}, new int[] {1, -1, -1, 2});
        int output = file.tensor(Schema.Type.INT8, 0.5f, 0, 4, 1, 1, 2);
        int padding = file.constant(Schema.Type.INT32, 0, 0, new byte[16], 2, 2);
        file.operator(BuiltinOperator.SPACE_TO_BATCH_ND, new int[] {input, file.integers(2, 2), padding}, output);
        ByteBuffer blocks = file.build(new int[] {input}, output);
        assertRefused(blocks, "1,4,4,2", "SPACE_TO_BATCH_ND");
        assertRefused(blocks, "1,4,4,2", "what sizes it makes of another size of its input is not known");
    }

    @Test
    void a_shape_that_was_fixed_at_export_is_refused() {
        ModelFile file = new ModelFile();
        int input = file.open(Schema.Type.INT8, 0.5f, 0, new int[] {1, 1, 1, 2}, new int[] {1, -1, -1, 2});
        int fixed = file.tensor(Schema.Type.INT8, 0.5f, 0, 1, 2);
        file.operator(BuiltinOperator.RESHAPE, new int[] {input, file.integers(1, 2)}, fixed);
        assertRefused(file.build(new int[] {input}, fixed), "1,4,4,2", "was fixed at export to [1, 2]");
    }

    @Test
    void shapes_that_are_worked_out_equal_those_that_exporters_stored() throws IOException {
        int operators = 0;
        try (Stream<Path> files = Files.list(SharedData.require("models"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".tflite")).toList()) {
                ByteBuffer contents = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
                SourceModel model = new SourceModel(contents);
                List<int[]> stored = outputs(model);
                new ShapeInference(model, Set.of()).run();
                List<int[]> found = outputs(model);
                for (int i = 0; i < stored.size(); i++) {
                    assertArrayEquals(stored.get(i), found.get(i), file + ", operator " + i);
                }
                operators += stored.size();
            }
        }
        assertTrue(operators > 100, operators + " operators");
    }

    private static List<int[]> outputs(SourceModel model) {
        List<int[]> shapes = new ArrayList<>();
        for (SourceOperator operator : model.operators()) {
            shapes.add(model.tensor(operator.outputIndexes()[0]).dimensions());
        }
        return shapes;
    }
}
