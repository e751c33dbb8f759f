// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Small float networks, each about one group of operators, with shapes and weights drawn from a seed. */
public enum SmallNetworks {
    CONVOLUTION {
        @Override
        String body(Draw draw, String x) {
            int groups = 1 + draw.next(2);
            String y = draw.convolution(
                    x, groups * (1 + draw.next(4)), groups, "pads", draw.pads(), "strides", new long[] {
                        1 + draw.next(2), 1 + draw.next(2)
                    });
            y = draw.add(
                    "Conv",
                    List.of(y, draw.weights(5, draw.channels(), 2, 3), draw.weights(5)),
                    "auto_pad",
                    draw.next(2) == 0 ? "SAME_UPPER" : "SAME_LOWER",
                    "dilations",
                    new long[] {1, 1 + draw.next(2)});
            draw.shape = new int[] {1, 5, 0, 0};
            return y;
        }
    },
    FOLDED_NORMALISATION {
        @Override
        String body(Draw draw, String x) {
            String y = draw.normalised(draw.convolution(x, 6, 1, "pads", new long[] {1, 1, 1, 1}));
            y = draw.add("Mul", List.of(y, draw.weights(6, 1, 1)));
            y = draw.add("Sub", List.of(draw.number(0.7), y));
            return draw.add("Relu", List.of(draw.add("Div", List.of(y, draw.number(1.5)))));
        }
    },
    SHARED_CONVOLUTION {
        @Override
        String body(Draw draw, String x) {
            String y = draw.convolution(x, 4, 1);
            String rectified = draw.add("Relu", List.of(y));
            return draw.add("Add", List.of(draw.normalised(y), rectified));
        }
    },
    NORMALISED_INPUT {
        @Override
        String body(Draw draw, String x) {
            String y = draw.normalised(x);
            y = draw.add("PRelu", List.of(y, draw.weights(draw.channels(), 1, 1)));
            return draw.add("Concat", List.of(y, draw.normalised(y), x), "axis", 1);
        }
    },
    CLASSIFIER {
        @Override
        String body(Draw draw, String x) {
            String y = draw.add(
                    "MaxPool",
                    List.of(draw.convolution(x, 5, 1, "pads", new long[] {1, 1, 1, 1})),
                    "kernel_shape",
                    new long[] {2, 2},
                    "strides",
                    new long[] {2, 2});
            int elements = 5 * (draw.shape[2] / 2) * (draw.shape[3] / 2);
            y = draw.add("Flatten", List.of(y), OnnxNetwork.SHAPE, new long[] {1, elements});
            y = draw.add(
                    "Gemm",
                    List.of(y, draw.weights(7, elements), draw.weights(7)),
                    "transB",
                    1,
                    "alpha",
                    0.5f,
                    "beta",
                    2f);
            y = draw.add("MatMul", List.of(draw.add("Tanh", List.of(y)), draw.weights(7, 4)));
            return draw.add("Softmax", List.of(draw.add("Add", List.of(y, draw.weights(4)))), "axis", 1);
        }
    },
    COUNTED_SHAPE {
        @Override
        String body(Draw draw, String x) {
            OnnxNetwork network = draw.network;
            String size = network.node(
                    "Gather",
                    List.of(
                            network.node("Shape", List.of(x)),
                            network.constant(new OnnxNetwork.Tensor(7, new int[0], new double[1]))),
                    "axis",
                    0);
            String target = network.node(
                    "Concat",
                    List.of(network.node("Unsqueeze", List.of(size, network.ints(0))), network.ints(-1)),
                    "axis",
                    0);
            int elements = draw.channels() * draw.shape[2] * draw.shape[3];
            String flat = draw.add("Reshape", List.of(x, target), OnnxNetwork.SHAPE, new long[] {1, elements});
            return draw.add("Gemm", List.of(flat, draw.weights(elements, 3)));
        }
    },
    SQUEEZE_AND_EXCITE {
        @Override
        String body(Draw draw, String x) {
            int channels = draw.channels();
            String y = draw.add("GlobalAveragePool", List.of(x));
            y = draw.add(
                    "Relu", List.of(draw.add("Conv", List.of(y, draw.weights(2, channels, 1, 1), draw.weights(2)))));
            y = draw.add("Sigmoid", List.of(draw.add("Conv", List.of(y, draw.weights(channels, 2, 1, 1)))));
            return draw.add("Mul", draw.next(2) == 0 ? List.of(x, y) : List.of(y, x));
        }
    },
    SWISH {
        @Override
        String body(Draw draw, String x) {
            String y = draw.convolution(x, 4, 1);
            y = draw.add("Mul", List.of(y, draw.add("Sigmoid", List.of(y))));
            y = draw.add("Mul", List.of(draw.add("HardSigmoid", List.of(y), "alpha", 1 / 6f, "beta", 0.5f), y));
            String six = draw.add(
                    "Clip", List.of(draw.add("Add", List.of(y, draw.number(3))), draw.number(0), draw.number(6)));
            return draw.add(
                    "HardSwish", List.of(draw.add("Div", List.of(draw.add("Mul", List.of(y, six)), draw.number(6)))));
        }
    },
    BROADCASTS {
        @Override
        String body(Draw draw, String x) {
            int channels = draw.channels();
            String perPixel = draw.add("ReduceMean", List.of(x), "axes", new long[] {1});
            String perChannel = draw.add("ReduceMean", List.of(x), "axes", new long[] {2, 3});
            String y = draw.add("Max", List.of(draw.add("Mul", List.of(x, perPixel)), perChannel));
            y = draw.add("Min", List.of(y, draw.weights(channels, draw.shape[2], draw.shape[3])));
            y = draw.add("Sub", List.of(perPixel, y));
            return draw.add("Add", List.of(y, draw.add("ReduceMean", List.of(x), "axes", new long[] {1, 2, 3})));
        }
    },
    POOLS {
        @Override
        String body(Draw draw, String x) {
            boolean up = draw.next(2) == 0;
            String y = draw.add(
                    "MaxPool",
                    List.of(x),
                    "kernel_shape",
                    new long[] {3, 2},
                    "strides",
                    new long[] {2, 2},
                    "ceil_mode",
                    up ? 1 : 0,
                    "pads",
                    new long[] {1, 0, 1, 0});
            return draw.add(
                    "AveragePool",
                    List.of(y),
                    "kernel_shape",
                    new long[] {2, 2},
                    "pads",
                    new long[] {1, 1, 0, 0},
                    "count_include_pad",
                    draw.next(2));
        }
    },
    CHANNEL_SHUFFLE {
        @Override
        String body(Draw draw, String x) {
            int height = draw.shape[2];
            int width = draw.shape[3];
            String y = draw.convolution(x, 6, 1);
            y = draw.add(
                    "Reshape", List.of(y, draw.network.ints(0, 2, 3, height, width)), OnnxNetwork.SHAPE, new long[] {
                        1, 2, 3, height, width
                    });
            y = draw.add("Transpose", List.of(y), "perm", new long[] {0, 2, 1, 3, 4});
            y = draw.add("Reshape", List.of(y, draw.network.ints(0, -1, height, width)), OnnxNetwork.SHAPE, new long[] {
                1, 6, height, width
            });
            return draw.add("Conv", List.of(y, draw.weights(4, 3, 1, 1)), "group", 2);
        }
    },
    SPLIT_AND_JOIN {
        @Override
        String body(Draw draw, String x) {
            String y = draw.convolution(x, 6, 1);
            draw.network.add("", "Split", List.of(y, draw.network.ints(2, 4)), List.of("left", "right"), "axis", 1);
            String middle = draw.add(
                    "Slice",
                    List.of(
                            "right",
                            draw.network.ints(1, 0),
                            draw.network.ints(1000, 1000),
                            draw.network.ints(1, 2),
                            draw.network.ints(2, 1)));
            return draw.add("Concat", List.of(middle, "left", y), "axis", 1);
        }
    },
    JOIN_ROWS {
        @Override
        String body(Draw draw, String x) {
            String y = draw.add("Concat", List.of(x, draw.add("Relu", List.of(x))), "axis", 2 + draw.next(2));
            return draw.add(
                    "Slice",
                    List.of(
                            y,
                            draw.network.ints(1, 1),
                            draw.network.ints(4, 5),
                            draw.network.ints(2, 3),
                            draw.network.ints(1, 2)));
        }
    },
    PADS {
        @Override
        String body(Draw draw, String x) {
            String y = draw.add("Pad", List.of(x, draw.network.ints(0, 1, 0, 2, 0, 0, 1, 0), draw.number(-0.5)));
            return draw.add("Pad", List.of(y, draw.network.ints(0, 0, 1, 0, 0, 0, 2, 1)), "mode", "reflect");
        }
    },
    BLOCKS {
        @Override
        String body(Draw draw, String x) {
            String y = draw.convolution(x, 8, 1);
            y = draw.add("DepthToSpace", List.of(y), "blocksize", 2, "mode", draw.next(2) == 0 ? "DCR" : "CRD");
            return draw.add("SpaceToDepth", List.of(draw.add("Relu", List.of(y))), "blocksize", 2);
        }
    },
    UPSAMPLED {
        @Override
        String body(Draw draw, String x) {
            boolean centred = draw.next(2) == 0;
            String y = draw.add(
                    "Resize",
                    List.of(x, "", draw.weightsExactly(1, 1, 2, 3)),
                    "mode",
                    "nearest",
                    "coordinate_transformation_mode",
                    centred ? "half_pixel" : "asymmetric",
                    "nearest_mode",
                    centred ? "round_prefer_floor" : "floor");
            int groups = 1 + draw.next(2);
            String z = draw.convolution(x, 4, 1);
            z = draw.add(
                    "ConvTranspose",
                    List.of(z, draw.weights(4, 2, 3, 2), draw.weights(2 * groups)),
                    "group",
                    groups,
                    "strides",
                    new long[] {2, 3},
                    "pads",
                    new long[] {1, 0, 1, 1},
                    "output_padding",
                    new long[] {1, 1});
            assert y != null;
            return draw.next(2) == 0 ? y : z;
        }
    },
    NHWC_WRAPPER {
        @Override
        String body(Draw draw, String x) {
            String y = draw.add("Transpose", List.of(x), "perm", new long[] {0, 2, 3, 1});
            y = draw.add("Relu", List.of(draw.add("Mul", List.of(y, draw.weights(draw.channels())))));
            y = draw.add("Transpose", List.of(y), "perm", new long[] {0, 3, 1, 2});
            return draw.convolution(y, 3, 1);
        }
    },
    MEANS {
        @Override
        String body(Draw draw, String x) {
            String y = draw.convolution(x, 6, 1);
            y = draw.add(
                    "ReduceMean",
                    List.of(draw.add("LRN", List.of(y), "size", 3, "alpha", 0.3f)),
                    "axes",
                    new long[] {2, 3},
                    "keepdims",
                    0,
                    OnnxNetwork.SHAPE,
                    new long[] {1, 6});
            return draw.add(
                    "Elu",
                    List.of(draw.add(
                            "LeakyRelu", List.of(draw.add("Gemm", List.of(y, draw.weights(6, 5)))), "alpha", 0.3f)));
        }
    },
    ROWS {
        @Override
        String body(Draw draw, String x) {
            int rows = draw.shape[2] * draw.shape[3];
            int channels = draw.channels();
            String y = draw.add(
                    "Reshape", List.of(x, draw.network.ints(1, channels, rows)), OnnxNetwork.SHAPE, new long[] {
                        1, channels, rows
                    });
            y = draw.add("Transpose", List.of(y), "perm", new long[] {0, 2, 1});
            y = draw.add("Add", List.of(draw.add("MatMul", List.of(y, draw.weights(channels, 5))), draw.weights(5)));
            return draw.add("Softmax", List.of(y), "axis", 1 + draw.next(2));
        }
    };

    abstract String body(Draw draw, String input);

    /** The network with a fixed input of this many dimensions' sizes, drawn too. */
    public OnnxNetwork build(long seed) {
        Draw draw = new Draw(seed * 31 + ordinal());
        int[] shape = draw.shape.clone();
        draw.network.input("input", "batch", shape[1], shape[2], shape[3]);
        draw.network.typedData = seed % 2 == 1;
        return draw.network.output(body(draw, "input"));
    }

    /** A network in the making and the numbers it draws. */
    static final class Draw {
        final OnnxNetwork network = new OnnxNetwork();
        private final Random random;
        /** Of the last map; sides that a test does not need are 0. */
        int[] shape;

        Draw(long seed) {
            random = new Random(seed);
            shape = new int[] {1, 2 * (1 + next(3)), 4 + next(4), 4 + next(4)};
        }

        int next(int bound) {
            return random.nextInt(bound);
        }

        int channels() {
            return shape[1];
        }

        long[] pads() {
            return new long[] {next(2), next(2), next(2), next(2)};
        }

        String add(String operator, List<String> inputs, Object... attributes) {
            return network.node(operator, inputs, attributes);
        }

        String number(double value) {
            return network.constant(new int[0], value);
        }

        String weights(int... dimensions) {
            double[] values = new double[Arrays.stream(dimensions).reduce(1, (a, b) -> a * b)];
            Arrays.setAll(values, i -> (float) (random.nextDouble() * 2 - 1));
            return network.constant(dimensions, values);
        }

        String weightsExactly(double... values) {
            return network.constant(new int[] {values.length}, values);
        }

        /** A convolution; 1x1 without further attributes, otherwise 3x2. Keeps track of the map when the size stays. */
        String convolution(String input, int outputs, int groups, Object... attributes) {
            int kernel = attributes.length == 0 ? 1 : 3;
            Object[] all = Arrays.copyOf(attributes, attributes.length + 2);
            all[attributes.length] = "group";
            all[attributes.length + 1] = groups;
            String output = add(
                    "Conv",
                    List.of(input, weights(outputs, channels() / groups, kernel, kernel), weights(outputs)),
                    all);
            shape = new int[] {1, outputs, shape[2], shape[3]};
            return output;
        }

        String normalised(String input) {
            int channels = channels();
            double[] variance = new double[channels];
            Arrays.setAll(variance, c -> (float) (0.5 + random.nextDouble()));
            return add(
                    "BatchNormalization",
                    List.of(
                            input,
                            weights(channels),
                            weights(channels),
                            weights(channels),
                            network.constant(new int[] {channels}, variance)),
                    "epsilon",
                    1e-3f);
        }
    }
}
