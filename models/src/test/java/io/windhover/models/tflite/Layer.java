// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.tflite;

import io.windhover.models.graph.Graph;
import io.windhover.models.reference.ReferenceExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One operator over random tensors: written to a file, read back, run, and the codes of all of it as arrays. */
final class Layer {
    final Random random;
    final ModelFile file = new ModelFile();
    final boolean unsigned;
    private final List<Integer> inputs = new ArrayList<>();
    private final List<byte[]> contents = new ArrayList<>();

    Layer(long seed, boolean unsigned) {
        random = new Random(seed);
        this.unsigned = unsigned;
    }

    /** A tensor of codes with its quantisation and number. */
    record Codes(int index, NdArray array, float scale, int zeroPoint) {}

    int type() {
        return unsigned ? Schema.Type.UINT8 : Schema.Type.INT8;
    }

    int minimum() {
        return unsigned ? 0 : -128;
    }

    int maximum() {
        return unsigned ? 255 : 127;
    }

    /** A scale from 1 / 128 to 1 / 2. */
    float scale() {
        return (float) Math.pow(2, -7 + 6 * random.nextDouble());
    }

    /** Any zero point, now and then at an end. */
    int zeroPoint() {
        return switch (random.nextInt(6)) {
            case 0 -> minimum();
            case 1 -> maximum();
            default -> minimum() + random.nextInt(256);
        };
    }

    int between(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    int[] shape(int rank) {
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++) {
            shape[d] = rank >= 4 && d == 0 ? 1 : between(1, 6);
        }
        return shape;
    }

    Codes input(int... shape) {
        return input(scale(), zeroPoint(), shape);
    }

    Codes input(float scale, int zeroPoint, int... shape) {
        byte[] bytes = bytes(shape);
        int index = file.tensor(type(), scale, zeroPoint, shape);
        inputs.add(index);
        contents.add(bytes);
        return new Codes(index, NdArray.of(bytes, unsigned, shape), scale, zeroPoint);
    }

    Codes constant(float scale, int zeroPoint, int... shape) {
        byte[] bytes = bytes(shape);
        return new Codes(
                file.constant(type(), scale, zeroPoint, bytes, shape),
                NdArray.of(bytes, unsigned, shape),
                scale,
                zeroPoint);
    }

    /** The same input with the codes that its array holds now. */
    void replace(Codes input) {
        int[] codes = input.array().codes();
        byte[] bytes = contents.get(inputs.indexOf(input.index()));
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) codes[i];
        }
    }

    private byte[] bytes(int[] shape) {
        byte[] bytes = new byte[NdArray.elements(shape)];
        random.nextBytes(bytes);
        return bytes;
    }

    int output(float scale, int zeroPoint, int... shape) {
        return file.tensor(type(), scale, zeroPoint, shape);
    }

    /** What our importer and executor make of the file; one array of codes per output. */
    List<int[]> run(int... outputs) {
        Graph graph = TfliteImporter.read(
                "layer", file.build(inputs.stream().mapToInt(Integer::intValue).toArray(), outputs));
        List<int[]> results = new ArrayList<>();
        for (byte[] result : new ReferenceExecutor(graph).infer(contents.toArray(byte[][]::new))) {
            results.add(NdArray.of(result, unsigned, result.length).codes());
        }
        return results;
    }
}
