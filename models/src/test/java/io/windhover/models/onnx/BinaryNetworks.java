// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.onnx;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Random graphs around one-bit activations as QONNX files. All numbers are multiples of powers of two and no sum lies
 * near a rounding point, so that integers have to make exactly what the definition does; values at thresholds are
 * common.
 */
public final class BinaryNetworks {
    private static final String QONNX = "qonnx.custom_op.general";
    private static final double STEP = 0.25;

    final OnnxNetwork network = new OnnxNetwork();
    private final Random random;
    private final List<Value> values = new ArrayList<>();

    /** A map; {@code codes} are multiples of STEP, others are +1 and -1 times {@code scale}. */
    record Value(String name, int channels, int side, boolean codes, double scale) {}

    public BinaryNetworks(long seed) {
        random = new Random(seed);
    }

    String number(double value) {
        return network.constant(new int[0], value);
    }

    private String drawn(double unit, int reach, double offset, int... dimensions) {
        double[] all = new double[Arrays.stream(dimensions).reduce(1, (a, b) -> a * b)];
        Arrays.setAll(all, i -> (random.nextInt(2 * reach + 1) - reach) * unit + offset);
        return network.constant(dimensions, all);
    }

    private String factors(int channels) {
        double[] all = new double[channels];
        Arrays.setAll(all, i -> (random.nextInt(4) == 0 ? -1 : 1) * (random.nextBoolean() ? 0.5 : 0.25));
        return network.constant(new int[] {channels, 1, 1}, all);
    }

    private <T> T one(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    String quant(String x, double scale, int bits) {
        return network.node(
                QONNX, "Quant", List.of(x, number(scale), number(0), number(bits)), "signed", 1, "narrow", 0);
    }

    String bipolar(String x, double scale) {
        return network.node(QONNX, "BipolarQuant", List.of(x, number(scale)));
    }

    private Value coded(String real, int channels, int side) {
        return new Value(quant(real, STEP, 8), channels, side, true, STEP);
    }

    /** A sign with a threshold for each channel, as MultiThreshold or BipolarQuant say it. */
    private Value sign(String real, int channels, int side) {
        if (random.nextInt(3) == 0) {
            String thresholds = drawn(STEP / 2, 8, 0, channels, 1);
            String out =
                    network.node(QONNX, "MultiThreshold", List.of(real, thresholds), "out_scale", 2f, "out_bias", -1f);
            return new Value(out, channels, side, false, 1);
        }
        double scale = random.nextInt(3) == 0 ? 0.5 : 1;
        return new Value(bipolar(real, scale), channels, side, false, scale);
    }

    /** Levels at unequal distances. */
    private Value levels(String real, int channels, int side) {
        int count = 3 + random.nextInt(2);
        int rows = random.nextBoolean() ? 1 : channels;
        double[] all = new double[rows * count];
        for (int i = 0; i < all.length; i++) {
            all[i] = i % count == 0
                    ? -random.nextInt(6) * STEP
                    : all[i - 1] + (i % count == 1 ? 1 + random.nextInt(2) : 3 + random.nextInt(6)) * STEP;
        }
        String out = network.node(
                QONNX,
                "MultiThreshold",
                List.of(real, network.constant(new int[] {rows, count}, all)),
                "out_scale",
                (float) STEP,
                "out_bias",
                (float) -STEP);
        return new Value(out, channels, side, true, STEP);
    }

    private String layer(Value x, int outputs, int kernel, int stride, boolean oneBit, int groups, boolean padded) {
        int[] shape = {outputs, x.channels / groups, kernel, kernel};
        String weights = oneBit ? bipolar(drawn(0.5, 3, 0.25, shape), 1) : quant(drawn(1, 3, 0, shape), 1, 3);
        long pad = padded ? kernel / 2 : 0;
        return network.node(
                "Conv",
                List.of(x.name, weights),
                "pads",
                new long[] {pad, pad, pad, pad},
                "strides",
                new long[] {stride, stride},
                "group",
                groups);
    }

    private String normalised(String x, int channels, double offset) {
        String scaled = network.node("Mul", List.of(x, factors(channels)));
        return network.node("Add", List.of(scaled, drawn(STEP / 4, 40, offset, channels, 1, 1)));
    }

    private Value ended(String sums, int channels, int side) {
        return switch (random.nextInt(4)) {
            case 0 -> coded(normalised(sums, channels, STEP / 8), channels, side);
            case 1 -> levels(normalised(sums, channels, 0), channels, side);
            default -> {
                if (random.nextInt(4) == 0 && side >= 4) {
                    String pooled = network.node(
                            "MaxPool", List.of(sums), "kernel_shape", new long[] {2, 2}, "strides", new long[] {2, 2});
                    yield new Value(bipolar(pooled, 1), channels, side / 2, false, 1);
                }
                yield sign(normalised(sums, channels, 0), channels, side);
            }
        };
    }

    /** Sometimes a factor, and where no border of zeros follows an offset, before a layer. */
    private Value scaled(Value x, boolean padded) {
        if (random.nextInt(3) > 0) {
            return x;
        }
        String scaled = network.node("Mul", List.of(x.name, network.constant(new int[0], 2)));
        String shifted = padded ? scaled : network.node("Add", List.of(scaled, network.constant(new int[0], STEP)));
        return new Value(shifted, x.channels, x.side, x.codes, x.scale);
    }

    private void step() {
        Value x = one(values);
        switch (random.nextInt(9)) {
            case 0, 1, 2 -> {
                boolean oneBit = random.nextInt(3) > 0;
                int groups =
                        random.nextInt(3) > 0 ? 1 : random.nextBoolean() ? x.channels : x.channels % 2 == 0 ? 2 : 1;
                int outputs = groups == x.channels ? x.channels : one(List.of(4, 6, 8, 12, 16));
                int kernel = x.side >= 3 && random.nextBoolean() ? 3 : 1;
                boolean padded = random.nextBoolean();
                int side = padded ? x.side : x.side - kernel + 1;
                values.add(ended(layer(scaled(x, padded), outputs, kernel, 1, oneBit, groups, padded), outputs, side));
            }
            case 3 -> {
                String shifted = network.node(
                        "Add", List.of(x.name, drawn(x.codes ? STEP : x.scale / 2, 6, 0, x.channels, 1, 1)));
                String scaled = random.nextBoolean()
                        ? shifted
                        : network.node("Mul", List.of(shifted, network.constant(new int[0], -1)));
                values.add(sign(scaled, x.channels, x.side));
            }
            case 4 -> {
                for (Value y : values) {
                    if (!y.equals(x) && y.side == x.side && y.codes == x.codes && y.scale == x.scale) {
                        values.add(new Value(
                                network.node("Concat", List.of(x.name, y.name), "axis", 1),
                                x.channels + y.channels,
                                x.side,
                                x.codes,
                                x.scale));
                        return;
                    }
                }
            }
            case 5 -> {
                for (Value y : values) {
                    if (!y.equals(x) && y.side == x.side && y.channels == x.channels) {
                        values.add(coded(network.node("Add", List.of(x.name, y.name)), x.channels, x.side));
                        return;
                    }
                }
            }
            case 6 -> {
                long begin = random.nextInt(Math.max(1, x.channels / 2));
                int count = 1 + random.nextInt(x.channels - (int) begin);
                values.add(new Value(
                        network.node(
                                "Slice",
                                List.of(
                                        x.name,
                                        network.ints(begin),
                                        network.ints(begin + count),
                                        network.ints(1),
                                        network.ints(1))),
                        count,
                        x.side,
                        x.codes,
                        x.scale));
            }
            case 7 -> moved(x);
            default -> {
                String padded = network.node(
                        "Pad",
                        List.of(
                                x.name,
                                network.ints(0, 0, 1, 1, 0, 0, 1, 1),
                                number(x.scale * one(List.of(1, -1, 0)))));
                Value wider = new Value(padded, x.channels, x.side + 2, x.codes, x.scale);
                if (x.side <= 8) {
                    values.add(ended(layer(wider, 8, 3, 1, true, 1, false), 8, x.side));
                }
            }
        }
    }

    /** A channel shuffle, or a maximum. */
    private void moved(Value x) {
        if (x.channels > 2 && x.channels % 2 == 0 && random.nextBoolean()) {
            long half = x.channels / 2;
            String split = network.node(
                    "Reshape",
                    List.of(x.name, network.ints(1, 2, half, x.side, x.side)),
                    OnnxNetwork.SHAPE,
                    new long[] {1, 2, half, x.side, x.side});
            String turned = network.node("Transpose", List.of(split), "perm", new long[] {0, 2, 1, 3, 4});
            String joined = network.node(
                    "Reshape",
                    List.of(turned, network.ints(1, x.channels, x.side, x.side)),
                    OnnxNetwork.SHAPE,
                    new long[] {1, x.channels, x.side, x.side});
            values.add(new Value(joined, x.channels, x.side, x.codes, x.scale));
        } else if (x.side >= 3) {
            String pooled = network.node(
                    "MaxPool", List.of(x.name), "kernel_shape", new long[] {2, 2}, "strides", new long[] {1, 1});
            values.add(new Value(pooled, x.channels, x.side - 1, x.codes, x.scale));
        }
    }

    /** A graph of a few layers with up to three heads: bits, codes, and scores of a layer over a flattened map. */
    public OnnxNetwork graph() {
        int channels = one(List.of(3, 4, 8, 10));
        int side = 4 + random.nextInt(4);
        network.input("input", 1, channels, side, side);
        values.add(new Value(quant("input", STEP, 8), channels, side, true, STEP));
        values.add(sign(values.get(0).name, channels, side));
        int steps = 3 + random.nextInt(6);
        for (int i = 0; i < steps; i++) {
            step();
        }
        List<Value> last = values.subList(Math.max(1, values.size() - 3), values.size());
        for (Value value : last) {
            if (!network.outputs.contains(value.name)) {
                network.output(value.name);
            }
        }
        Value flat = values.get(values.size() - 1);
        int elements = flat.channels * flat.side * flat.side;
        String vector = network.node("Flatten", List.of(flat.name), OnnxNetwork.SHAPE, new long[] {1, elements});
        String weights = bipolar(drawn(0.5, 3, 0.25, elements, 5), 0.5);
        String scores = network.node("MatMul", List.of(vector, weights));
        network.output(
                random.nextBoolean()
                        ? scores
                        : bipolar(network.node("Add", List.of(scores, drawn(0.125, 9, 0, 1, 5))), 1));
        return network;
    }

    public int channels() {
        return values.get(0).channels;
    }

    public int side() {
        return values.get(0).side;
    }

    /** Real inputs in the file's order, some beyond the codes. */
    double[] inputs() {
        double[] all = new double[channels() * side() * side()];
        Arrays.setAll(all, i -> (random.nextInt(60) - 30) * STEP / 2 + STEP / 8);
        return all;
    }
}
