// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.synthetic.Activation;
import io.windhover.models.synthetic.NetworkBuilder;
import io.windhover.runtime.compiler.Compiler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Compiles a detector of YOLOv8's shape in a process of its own: prints the milliseconds of processors' time that it
 * took from its start to the program, Java's own compiler and collector included, and the kibibytes that it had in
 * memory at most. On a machine with one processor and nothing else to do, that is the time that passes.
 */
final class CompileCost {
    private static final int SIZE = 640;
    private static final int BOX_CHANNELS = 64;
    private static final int CLASSES = 80;
    private static final Quantization MAP = Quantization.of(0.05f, 0);
    private static final Window POINT = Window.square(1, 1, 0);

    private final NetworkBuilder network;

    private CompileCost(String name) {
        network = new NetworkBuilder(name, name.hashCode());
    }

    public static void main(String[] arguments) throws IOException {
        String name = arguments[0];
        int width = Integer.parseInt(arguments[1]);
        Compiler.compile(new CompileCost(name).detector(width), Capabilities.named("zynq7020"));
        long millis =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        String peak = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow();
        System.out.println(millis + " " + peak.replaceAll("[^0-9]", ""));
    }

    private Graph detector(int width) {
        int image = network.input(SIZE, SIZE, 3, 1 / 255f, -128);
        int map = layer(layer(image, width, 3, 2), 2 * width, 3, 2);
        int fine = halves(layer(halves(map, 2 * width, 1, true), 4 * width, 3, 2), 4 * width, 2, true);
        int middle = halves(layer(fine, 8 * width, 3, 2), 8 * width, 2, true);
        int coarse = pyramid(halves(layer(middle, 16 * width, 3, 2), 16 * width, 1, true), 16 * width);
        int upper = halves(joined(doubled(coarse), middle), 8 * width, 1, false);
        int first = halves(joined(doubled(upper), fine), 4 * width, 1, false);
        int second = halves(joined(layer(first, 4 * width, 3, 2), upper), 8 * width, 1, false);
        int third = halves(joined(layer(second, 8 * width, 3, 2), coarse), 16 * width, 1, false);
        int[] heads = IntStream.of(first, second, third)
                .map(each -> head(each, Math.max(4 * width, CLASSES)))
                .toArray();
        int rows = IntStream.of(heads).map(each -> network.shape(each).height()).sum();
        GraphBuilder graph = network.graph();
        int all = graph.tensor("rows", TensorType.INT8, Shape.map(rows, 1, BOX_CHANNELS + CLASSES), MAP);
        graph.operator(new Concatenation("rows", heads, new int[] {all}, Concatenation.Axis.HEIGHT));
        int shares = network.elementwise()
                .reshape(network.channels().slice(all, 0, BOX_CHANNELS), Shape.of(1, rows, 4, BOX_CHANNELS / 4));
        return network.build(
                network.elementwise().softmax(shares),
                network.elementwise().logistic(network.channels().slice(all, BOX_CHANNELS, CLASSES)));
    }

    private int layer(int input, int channels, int kernel, int stride) {
        int map = network.quantized(MAP)
                .convolution(input, channels, Window.square(kernel, stride, kernel / 2), Activation.NONE);
        return network.elementwise().table(map, "silu", x -> x / (1 + Math.exp(-x)), MAP);
    }

    private int joined(int... maps) {
        return network.elementwise().concatenate(maps);
    }

    /** Half of the channels pass blocks of two layers; what goes into each is joined at the end. */
    private int halves(int input, int channels, int blocks, boolean residual) {
        int whole = layer(input, channels, 1, 1);
        int half = channels / 2;
        int map = network.channels().slice(whole, half, half);
        int[] parts = new int[blocks + 2];
        parts[0] = network.channels().slice(whole, 0, half);
        parts[1] = map;
        for (int block = 0; block < blocks; block++) {
            int made = layer(layer(map, half, 3, 1), half, 3, 1);
            map = residual ? network.quantized(MAP).elementwise().add(map, made, Activation.NONE) : made;
            parts[block + 2] = map;
        }
        return layer(joined(parts), channels, 1, 1);
    }

    private int pyramid(int input, int channels) {
        int[] parts = new int[4];
        parts[0] = layer(input, channels / 2, 1, 1);
        for (int i = 1; i < parts.length; i++) {
            parts[i] = network.elementwise().maxPool(parts[i - 1], Window.square(5, 1, 2));
        }
        return layer(joined(parts), channels, 1, 1);
    }

    private int doubled(int input) {
        Shape shape = network.shape(input);
        GraphBuilder graph = network.graph();
        String name = "doubled " + input;
        int to = graph.tensor(
                name, TensorType.INT8, Shape.map(2 * shape.height(), 2 * shape.width(), shape.channels()), MAP);
        graph.operator(new Resize(name, new int[] {input}, new int[] {to}, Resize.Mode.NEAREST, false, false));
        return to;
    }

    /** Boxes and classes of a map, a pixel in each row. */
    private int head(int map, int classChannels) {
        int boxes = layer(layer(map, BOX_CHANNELS, 3, 1), BOX_CHANNELS, 3, 1);
        int classes = layer(layer(map, classChannels, 3, 1), classChannels, 3, 1);
        int both = joined(
                network.quantized(MAP).convolution(boxes, BOX_CHANNELS, POINT, Activation.NONE),
                network.quantized(MAP).convolution(classes, CLASSES, POINT, Activation.NONE));
        Shape shape = network.shape(both);
        return network.elementwise().reshape(both, Shape.map(shape.height() * shape.width(), 1, shape.channels()));
    }
}
