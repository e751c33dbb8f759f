// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import static io.windhover.models.tflite.Restated.clamp;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Padding;
import io.windhover.models.reference.ReferenceExecutor;
import io.windhover.models.tflite.Layer.Codes;
import io.windhover.models.tflite.ModelFile.Options;
import io.windhover.models.tflite.Restated.Factor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transposed convolution, matrix products and dilated convolution in pieces against their definitions. */
class WeightedExactnessTest {
    private static final int CALLS = 600;

    private static Factor factor(Layer layer, Codes input, Codes weights, float scale, boolean single) {
        return Factor.of(
                layer.unsigned || single
                        ? (double) (input.scale() * weights.scale()) / scale
                        : (double) input.scale() * weights.scale() / scale);
    }

    private static Codes weights(Layer layer, int... shape) {
        return layer.constant(layer.scale() / 64, layer.unsigned ? layer.zeroPoint() : 0, shape);
    }

    @Test
    void transposed_convolutions_scatter_their_input() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            Codes input = layer.input(1, layer.between(1, 6), layer.between(1, 6), layer.between(1, 5));
            int[] shape = input.array().shape();
            int kernelY = layer.between(1, 4);
            int kernelX = layer.between(1, 4);
            int strideY = layer.between(1, 3);
            int strideX = layer.between(1, 3);
            boolean same = layer.random.nextBoolean();
            Codes weights = weights(layer, layer.between(1, 4), kernelY, kernelX, shape[3]);
            int[] result = {
                1,
                extent(layer, shape[1], kernelY, strideY, same),
                extent(layer, shape[2], kernelX, strideX, same),
                weights.array().shape()[0]
            };
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, result);
            int[] biases = layer.random.ints(result[3], -3000, 3000).toArray();
            layer.file.operator(
                    BuiltinOperator.TRANSPOSE_CONV,
                    new int[] {layer.file.integers(result), weights.index(), input.index(), layer.file.integers(biases)
                    },
                    new int[] {output},
                    Options.none()
                            .with(0, (byte) (same ? 0 : 1))
                            .with(1, strideX)
                            .with(2, strideY));
            int top = same
                    ? Math.max(0, ((result[1] + strideY - 1) / strideY - 1) * strideY + kernelY - result[1]) / 2
                    : 0;
            int left = same
                    ? Math.max(0, ((result[2] + strideX - 1) / strideX - 1) * strideX + kernelX - result[2]) / 2
                    : 0;
            NdArray sums = NdArray.generate(result, index -> biases[index[3]]);
            NdArray.generate(shape, in -> {
                for (int ky = 0; ky < kernelY; ky++) {
                    for (int kx = 0; kx < kernelX; kx++) {
                        int y = in[1] * strideY + ky - top;
                        int x = in[2] * strideX + kx - left;
                        for (int o = 0; o < result[3] && y >= 0 && y < result[1] && x >= 0 && x < result[2]; o++) {
                            sums.codes()[(y * result[2] + x) * result[3] + o] += (input.array()
                                                    .at(in)
                                            - input.zeroPoint())
                                    * (weights.array().at(o, ky, kx, in[3]) - weights.zeroPoint());
                        }
                    }
                }
                return 0;
            });
            Factor factor = factor(layer, input, weights, scale, false);
            NdArray expected = NdArray.generate(
                    result, index -> clamp(factor.apply(sums.at(index)) + zeroPoint, layer.minimum(), layer.maximum()));
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    /** SAME makes stride times as many or some fewer; VALID all, or some more that only get their bias. */
    private static int extent(Layer layer, int input, int kernel, int stride, boolean same) {
        return same
                ? input * stride - layer.between(0, stride - 1)
                : (input - 1) * stride + kernel + (layer.random.nextInt(4) == 0 ? layer.between(0, stride - 1) : 0);
    }

    /** By a constant it is a fully-connected layer, by a computed one the host's; TFLite has no product of uint8. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_product_of_matrices_is_exact(boolean constant) {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, constant && seed % 3 == 0);
            int rank = layer.between(2, 4);
            int[] shape = layer.shape(rank);
            Codes input = layer.input(shape);
            boolean turned = layer.random.nextInt(3) == 0;
            int rows = shape[turned ? rank - 1 : rank - 2];
            int inputs = shape[turned ? rank - 2 : rank - 1];
            int outputs = layer.between(1, 7);
            boolean transposed = layer.random.nextBoolean();
            int[] sides = {transposed ? outputs : inputs, transposed ? inputs : outputs};
            float matrixScale = layer.scale() / 64;
            Codes matrix = constant
                    ? layer.constant(matrixScale, layer.zeroPoint(), sides)
                    : layer.input(matrixScale, layer.zeroPoint(), sides);
            int[] result = shape.clone();
            result[rank - 2] = rows;
            result[rank - 1] = outputs;
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, result);
            layer.file.operator(
                    BuiltinOperator.BATCH_MATMUL,
                    new int[] {input.index(), matrix.index()},
                    new int[] {output},
                    Options.none().with(0, (byte) (turned ? 1 : 0)).with(1, (byte) (transposed ? 1 : 0)));
            Factor factor = factor(layer, input, matrix, scale, true);
            NdArray expected = NdArray.generate(result, index -> {
                int sum = 0;
                int[] from = index.clone();
                for (int i = 0; i < inputs; i++) {
                    from[rank - 2] = turned ? i : index[rank - 2];
                    from[rank - 1] = turned ? index[rank - 2] : i;
                    int weight = transposed
                            ? matrix.array().at(index[rank - 1], i)
                            : matrix.array().at(i, index[rank - 1]);
                    sum += (input.array().at(from) - input.zeroPoint()) * (weight - matrix.zeroPoint());
                }
                return clamp(factor.apply(sum) + zeroPoint, layer.minimum(), layer.maximum());
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    @Test
    void several_rows_go_through_a_fully_connected_layer_one_by_one() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, seed % 3 == 0);
            int rows = layer.between(1, 4);
            int inputs = layer.between(1, 3) * 2;
            Codes input = layer.random.nextBoolean() ? layer.input(rows, inputs) : layer.input(1, rows, 2, inputs / 2);
            Codes weights = layer.constant(layer.scale() / 64, layer.zeroPoint(), layer.between(1, 5), inputs);
            int outputs = weights.array().shape()[0];
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = layer.output(scale, zeroPoint, rows, outputs);
            layer.file.operator(
                    BuiltinOperator.FULLY_CONNECTED, new int[] {input.index(), weights.index(), -1}, output);
            Factor factor = factor(layer, input, weights, scale, true);
            NdArray expected = NdArray.generate(new int[] {rows, outputs}, index -> {
                int sum = 0;
                for (int i = 0; i < inputs; i++) {
                    sum += (input.array().codes()[index[0] * inputs + i] - input.zeroPoint())
                            * (weights.array().at(index[1], i) - weights.zeroPoint());
                }
                return clamp(factor.apply(sum) + zeroPoint, layer.minimum(), layer.maximum());
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }

    @Test
    void a_convolution_between_space_to_batch_and_batch_to_space_is_a_dilated_one() {
        Layer layer = new Layer(1, false);
        ModelFile file = layer.file;
        int input = file.tensor(Schema.Type.INT8, 0.5f, -3, 1, 9, 7, 2);
        int split = file.tensor(Schema.Type.INT8, 0.5f, -3, 4, 7, 6, 2);
        Codes weights = weights(layer, 3, 3, 3, 2);
        int pieces = file.tensor(Schema.Type.INT8, 0.25f, 4, 4, 5, 4, 3);
        int output = file.tensor(Schema.Type.INT8, 0.25f, 4, 1, 9, 7, 3);
        int block = file.integers(2, 2);
        file.operator(BuiltinOperator.SPACE_TO_BATCH_ND, new int[] {input, block, file.integers(2, 3, 2, 3)}, split);
        file.operator(
                BuiltinOperator.CONV_2D,
                new int[] {split, weights.index()},
                new int[] {pieces},
                Options.none().with(0, (byte) 1).with(1, 1).with(2, 1));
        file.operator(BuiltinOperator.BATCH_TO_SPACE_ND, new int[] {pieces, block, file.integers(0, 1, 0, 1)}, output);
        Graph graph = TfliteImporter.read("dilated", file.build(new int[] {input}, output));
        assertEquals(1, graph.operators().size());
        Convolution convolution = (Convolution) graph.operators().get(0);
        assertEquals(2, convolution.window().dilationY());
        assertEquals(new Padding(2, 2, 2, 2), convolution.window().padding());
        byte[] codes = new byte[9 * 7 * 2];
        layer.random.nextBytes(codes);
        NdArray map = NdArray.of(codes, false, 1, 9, 7, 2);
        Factor factor = Factor.of(0.5 * weights.scale() / 0.25);
        NdArray expected = NdArray.generate(new int[] {1, 9, 7, 3}, index -> {
            int sum = 0;
            for (int ky = 0; ky < 3; ky++) {
                for (int kx = 0; kx < 3; kx++) {
                    int y = index[1] + 2 * ky - 2;
                    int x = index[2] + 2 * kx - 2;
                    for (int c = 0; c < 2 && y >= 0 && y < 9 && x >= 0 && x < 7; c++) {
                        sum += (map.at(0, y, x, c) + 3) * weights.array().at(index[3], ky, kx, c);
                    }
                }
            }
            return clamp(factor.apply(sum) + 4, -128, 127);
        });
        byte[] result = new ReferenceExecutor(graph).infer(codes).get(0);
        assertArrayEquals(
                expected.codes(), NdArray.of(result, false, 1, 9, 7, 3).codes());
    }

    /** As Keras writes a dilated Conv1D; two of them read the same pieces. */
    @Test
    void convolutions_of_a_line_between_space_to_batch_and_batch_to_space_are_dilated_ones() {
        Layer layer = new Layer(1, false);
        ModelFile file = layer.file;
        int input = file.tensor(Schema.Type.INT8, 0.5f, -3, 1, 9, 2);
        int split = file.tensor(Schema.Type.INT8, 0.5f, -3, 2, 7, 2);
        int rows = file.tensor(Schema.Type.INT8, 0.5f, -3, 2, 1, 7, 2);
        int block = file.integers(2);
        file.operator(BuiltinOperator.SPACE_TO_BATCH_ND, new int[] {input, block, file.integers(4, 1)}, split);
        file.operator(BuiltinOperator.EXPAND_DIMS, new int[] {split, file.integers(1)}, rows);
        Codes[] weights = {weights(layer, 3, 1, 3, 2), weights(layer, 3, 1, 3, 2)};
        int[] outputs = new int[2];
        for (int i = 0; i < 2; i++) {
            int pieces = file.tensor(Schema.Type.INT8, 0.25f, 4, 2, 1, 5, 3);
            int line = file.tensor(Schema.Type.INT8, 0.25f, 4, 2, 5, 3);
            outputs[i] = file.tensor(Schema.Type.INT8, 0.25f, 4, 1, 9, 3);
            file.operator(
                    BuiltinOperator.CONV_2D,
                    new int[] {rows, weights[i].index()},
                    new int[] {pieces},
                    Options.none().with(0, (byte) 1).with(1, 1).with(2, 1));
            file.operator(BuiltinOperator.RESHAPE, new int[] {pieces, file.integers(2, 5, 3)}, line);
            file.operator(BuiltinOperator.BATCH_TO_SPACE_ND, new int[] {line, block, file.integers(0, 1)}, outputs[i]);
        }
        Graph graph = TfliteImporter.read("dilated", file.build(new int[] {input}, outputs));
        byte[] codes = new byte[9 * 2];
        layer.random.nextBytes(codes);
        NdArray map = NdArray.of(codes, false, 1, 9, 2);
        for (int i = 0; i < 2; i++) {
            Codes own = weights[i];
            Factor factor = Factor.of(0.5 * own.scale() / 0.25);
            NdArray expected = NdArray.generate(new int[] {1, 9, 3}, index -> {
                int sum = 0;
                for (int k = 0; k < 3; k++) {
                    int from = index[1] + 2 * k - 4;
                    for (int c = 0; c < 2 && from >= 0 && from < 9; c++) {
                        sum += (map.at(0, from, c) + 3) * own.array().at(index[2], 0, k, c);
                    }
                }
                return clamp(factor.apply(sum) + 4, -128, 127);
            });
            byte[] result = new ReferenceExecutor(graph).infer(codes).get(i);
            assertArrayEquals(
                    expected.codes(), NdArray.of(result, false, 1, 9, 3).codes());
        }
    }

    /** As a product of two computed matrices of two dimensions is written, and one with a rectifier behind it. */
    @Test
    void a_fully_connected_layer_of_computed_weights_is_a_product() {
        for (long seed = 0; seed < CALLS; seed++) {
            Layer layer = new Layer(seed, false);
            boolean rows = seed % 3 == 0;
            int activation = (int) seed % 2;
            Codes input = rows ? layer.input(1, 3, 5) : layer.input(3, 5);
            Codes weights = layer.input(layer.scale() / 64, layer.zeroPoint(), 4, 5);
            float scale = layer.scale();
            int zeroPoint = layer.zeroPoint();
            int output = rows ? layer.output(scale, zeroPoint, 1, 3, 4) : layer.output(scale, zeroPoint, 3, 4);
            layer.file.operator(
                    BuiltinOperator.FULLY_CONNECTED,
                    new int[] {input.index(), weights.index(), -1},
                    new int[] {output},
                    Options.none().with(Schema.FullyConnectedOptions.ACTIVATION, (byte) activation));
            Factor factor = factor(layer, input, weights, scale, true);
            int least = activation == 0 ? layer.minimum() : zeroPoint;
            NdArray expected = NdArray.generate(new int[] {3, 4}, index -> {
                int sum = 0;
                for (int i = 0; i < 5; i++) {
                    sum += (input.array().codes()[index[0] * 5 + i] - input.zeroPoint())
                            * (weights.array().at(index[1], i) - weights.zeroPoint());
                }
                return clamp(factor.apply(sum) + zeroPoint, least, layer.maximum());
            });
            assertArrayEquals(expected.codes(), layer.run(output).get(0), "seed " + seed);
        }
    }
}
