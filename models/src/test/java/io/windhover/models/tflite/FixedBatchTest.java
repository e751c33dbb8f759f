// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Shape;
import io.windhover.models.tflite.ModelFile.Options;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Files of a batch above 1. */
class FixedBatchTest {
    private static final int INT8 = Schema.Type.INT8;
    private static final int BATCH = 4;

    private static Graph read(ByteBuffer file) {
        return TfliteImporter.read("small", file);
    }

    @TestFactory
    List<DynamicTest> a_batch_of_frames_is_the_network_of_one() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : SmallFiles.names()) {
            if (!name.equals("open batch")) {
                tests.add(DynamicTest.dynamicTest(name, () -> {
                    Graph one = read(ByteBuffer.wrap(SmallFiles.bytes(name, 1)));
                    Graph several = read(ByteBuffer.wrap(SmallFiles.bytes(name, 3)));
                    assertEquals(1, one.batch());
                    assertEquals(3, several.batch());
                    assertArrayEquals(GraphCodec.write(one), GraphCodec.write(several.withBatch(1)));
                }));
            }
        }
        return tests;
    }

    @Test
    void lines_that_a_window_moves_over_as_maps_are_frames() {
        ModelFile file = new ModelFile();
        int input = file.tensor(INT8, 0.25f, -4, BATCH, 8, 2);
        int map = file.tensor(INT8, 0.25f, -4, BATCH, 1, 8, 2);
        file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {input, file.integers(1)}, map);
        int pooled = file.tensor(INT8, 0.25f, -4, BATCH, 1, 4, 2);
        file.operator(
                BuiltinOperator.MAX_POOL_2D,
                new int[] {map},
                new int[] {pooled},
                Options.none()
                        .with(Schema.Pool2DOptions.STRIDE_WIDTH, 2)
                        .with(Schema.Pool2DOptions.STRIDE_HEIGHT, 1)
                        .with(Schema.Pool2DOptions.FILTER_WIDTH, 2)
                        .with(Schema.Pool2DOptions.FILTER_HEIGHT, 1));
        Graph frames = read(file.build(new int[] {input}, pooled));
        assertEquals(BATCH, frames.batch());
        assertEquals(Shape.of(1, 1, 4, 2), frames.tensor(frames.outputs()[0]).shape());
    }

    /** One operator over a map of four frames. */
    private static final class Mixing {
        final ModelFile file = new ModelFile();
        final int input = map(BATCH, 2, 2, 3);

        int map(int... shape) {
            return file.tensor(INT8, 0.25f, -4, shape);
        }

        int known(int... shape) {
            return file.constant(INT8, 0.25f, 0, new byte[NdArray.elements(shape)], shape);
        }

        void refused(int builtin, int[] inputs, int output, Options options) {
            ByteBuffer bytes =
                    file.operator(builtin, inputs, new int[] {output}, options).build(new int[] {input}, output);
            ModelException problem = assertThrows(ModelException.class, () -> read(bytes));
            assertEquals(
                    "Operator 0 (" + BuiltinOperator.name(builtin) + ") cannot be used: it may compute one of the 4 "
                            + "frames of its batch from another; export with batch 1.",
                    problem.getMessage());
        }

        void refused(int builtin, int[] inputs, int output) {
            refused(builtin, inputs, output, Options.none());
        }
    }

    @Test
    void frames_are_not_joined_cut_or_turned() {
        Mixing joined = new Mixing();
        joined.refused(
                BuiltinOperator.CONCATENATION,
                new int[] {joined.input, joined.input},
                joined.map(8, 2, 2, 3),
                Options.none().with(Schema.ConcatenationOptions.AXIS, -4));
        Mixing packed = new Mixing();
        packed.refused(
                BuiltinOperator.PACK,
                new int[] {packed.input, packed.input, packed.input, packed.input},
                packed.map(4, 4, 2, 2, 3),
                Options.none().with(Schema.PackOptions.COUNT, 4));
        Mixing sliced = new Mixing();
        int sizes = sliced.file.integers(1, 2, 2, 3);
        sliced.refused(
                BuiltinOperator.SLICE,
                new int[] {sliced.input, sliced.file.integers(0, 0, 0, 0), sizes},
                sliced.map(4, 2, 2, 3));
        Mixing walked = new Mixing();
        walked.refused(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {
                    walked.input,
                    walked.file.integers(3, 0, 0, 0),
                    walked.file.integers(-5, 2, 2, 3),
                    walked.file.integers(-1, 1, 1, 1)
                },
                walked.map(4, 2, 2, 3));
        Mixing shrunk = new Mixing();
        shrunk.refused(
                BuiltinOperator.STRIDED_SLICE,
                new int[] {shrunk.input, shrunk.file.integers(1), shrunk.file.integers(4), shrunk.file.integers(1)},
                shrunk.map(4, 2, 3),
                Options.none().with(Schema.StridedSliceOptions.SHRINK_AXIS_MASK, 1));
        Mixing split = new Mixing();
        split.refused(BuiltinOperator.SPLIT, new int[] {split.file.integers(0), split.input}, split.map(4, 2, 2, 3));
        Mixing turned = new Mixing();
        turned.refused(
                BuiltinOperator.TRANSPOSE,
                new int[] {turned.input, turned.file.integers(1, 0, 2, 3)},
                turned.map(4, 2, 2, 3));
        Mixing reversed = new Mixing();
        reversed.refused(
                BuiltinOperator.REVERSE_V2,
                new int[] {reversed.input, reversed.file.integers(2, 0)},
                reversed.map(4, 2, 2, 3));
        Mixing padded = new Mixing();
        padded.refused(
                BuiltinOperator.PAD,
                new int[] {padded.input, padded.file.integers(4, 0, 0, 0, 0, 0, 0, 0)},
                padded.map(8, 2, 2, 3));
    }

    @Test
    void frames_are_not_folded_into_one_another() {
        Mixing mean = new Mixing();
        mean.refused(BuiltinOperator.MEAN, new int[] {mean.input, mean.file.integers(-4)}, mean.map(4, 2, 3));
        Mixing flat = new Mixing();
        flat.refused(BuiltinOperator.RESHAPE, new int[] {flat.input, flat.file.integers(1, 48)}, flat.map(1, 48));
        Mixing claimed = new Mixing();
        claimed.refused(
                BuiltinOperator.RESHAPE, new int[] {claimed.input, claimed.file.integers(1, 48)}, claimed.map(4, 12));
        Mixing wider = new Mixing();
        wider.refused(
                BuiltinOperator.EXPAND_DIMS, new int[] {wider.input, wider.file.integers(0)}, wider.map(4, 1, 2, 2, 3));
        Mixing layer = new Mixing();
        layer.refused(BuiltinOperator.FULLY_CONNECTED, new int[] {layer.input, layer.known(5, 24)}, layer.map(2, 5));
        Mixing product = new Mixing();
        product.refused(
                BuiltinOperator.BATCH_MATMUL,
                new int[] {product.input, product.known(4, 1, 3, 2)},
                product.map(4, 2, 2, 2));
        Mixing squared = new Mixing();
        squared.refused(BuiltinOperator.FULLY_CONNECTED, new int[] {squared.input, squared.input}, squared.map(4, 4));
    }

    @Test
    void operands_are_of_the_same_frame_or_of_none() {
        Mixing own = new Mixing();
        own.refused(BuiltinOperator.ADD, new int[] {own.input, own.known(4, 1, 1, 3)}, own.map(4, 2, 2, 3));
        Mixing higher = new Mixing();
        higher.refused(
                BuiltinOperator.MUL, new int[] {higher.known(1, 4, 1, 1, 3), higher.input}, higher.map(1, 4, 2, 2, 3));
    }

    @Test
    void what_has_no_output_or_one_without_dimensions_is_refused() {
        for (int builtin : new int[] {BuiltinOperator.ADD, BuiltinOperator.RESHAPE, BuiltinOperator.SLICE}) {
            Mixing none = new Mixing();
            ModelFile file =
                    none.file.operator(builtin, new int[] {none.input, none.input}, new int[0], Options.none());
            assertThrows(ModelException.class, () -> read(file.build(new int[] {none.input}, none.input)));
        }
        Mixing scalar = new Mixing();
        scalar.refused(BuiltinOperator.ADD, new int[] {scalar.known(), scalar.input}, scalar.map());
    }

    @Test
    void inputs_of_other_batches_are_refused() {
        ModelFile file = new ModelFile();
        int first = file.tensor(INT8, 0.25f, -4, BATCH, 2, 2, 3);
        int second = file.tensor(INT8, 0.25f, -4, 1, 2, 2, 3);
        int sum = file.tensor(INT8, 0.5f, -4, BATCH, 2, 2, 3);
        ByteBuffer bytes = file.operator(BuiltinOperator.ADD, new int[] {first, second}, sum)
                .build(new int[] {first, second}, sum);
        ModelException problem = assertThrows(ModelException.class, () -> read(bytes));
        assertTrue(problem.getMessage().contains("beside another of batch 4"), problem.getMessage());
    }
}
