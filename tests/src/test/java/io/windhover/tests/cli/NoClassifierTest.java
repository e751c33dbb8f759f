// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.runtime.whm.CompiledFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose outputs are no scores of classes, or whose scores are no numbers: said, never ranked. */
class NoClassifierTest {
    private static final int PIXELS = 4 * 4 * 3;
    private static final String REFERENCE = "--device=reference:";

    @TempDir
    private Path folder;

    private Path photo;
    private Path raw;

    @BeforeEach
    void write_inputs() throws IOException {
        photo = folder.resolve("photo.png");
        BufferedImage white = new BufferedImage(4, 4, BufferedImage.TYPE_INT_RGB);
        Arrays.fill(((java.awt.image.DataBufferInt) white.getRaster().getDataBuffer()).getData(), 0xFFFFFF);
        ImageIO.write(white, "png", photo.toFile());
        raw = Files.write(folder.resolve("raw.bin"), new byte[PIXELS]);
    }

    private static int layer(GraphBuilder graph, String name, int input, float weight, Shape shape) {
        int outputs = shape.elements();
        float[] weights = new float[outputs * graph.shape(input).elements()];
        Arrays.fill(weights, weight);
        int flat = graph.tensor(
                shape.rank() == 2 ? name : name + " flat", TensorType.FLOAT32, Shape.vector(outputs), null);
        graph.operator(new FloatFullyConnected(
                name, new int[] {input}, new int[] {flat}, outputs, weights, new float[outputs]));
        if (shape.rank() == 2) {
            return flat;
        }
        int output = graph.tensor(name, TensorType.FLOAT32, shape, null);
        graph.operator(new Reshape(name, new int[] {flat}, new int[] {output}));
        return output;
    }

    private static int image(GraphBuilder graph, String name) {
        return graph.input(name, TensorType.FLOAT32, Shape.map(4, 4, 3), null);
    }

    private Path model(Graph graph) throws IOException {
        Path file = folder.resolve(graph.name() + ".whm");
        new CompiledFile(graph, null).write(file);
        return file;
    }

    private Path single(float weight, Shape shape) throws IOException {
        GraphBuilder graph = new GraphBuilder("single");
        return model(graph.build(layer(graph, "result", image(graph, "image"), weight, shape)));
    }

    private Path detector() throws IOException {
        GraphBuilder graph = new GraphBuilder("detector");
        int image = image(graph, "image");
        return model(graph.build(
                layer(graph, "boxes", image, 1, Shape.of(1, 10, 4)),
                layer(graph, "scores", image, 1, Shape.vector(10))));
    }

    private static CommandLineRun run(Object... arguments) {
        return CommandLineRun.of(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void a_detector_says_what_its_outputs_are() throws IOException {
        run("run", detector(), photo, REFERENCE)
                .failed(
                        1,
                        "'detector' is not a classifier",
                        "'boxes' FLOAT32[1x10x4]",
                        "'scores' FLOAT32[1x10]",
                        "--raw",
                        "--dump");
        run("run", detector(), photo, REFERENCE, "--json").failed(1, "not a classifier");
        run("run", detector(), "--raw", raw, REFERENCE).failed(1, "not a classifier");
        run("evaluate", detector(), "--dataset", "folder:" + folder, REFERENCE).failed(1, "not a classifier");
    }

    @Test
    void a_mask_and_a_single_value_do_so_too() throws IOException {
        run("run", single(1, Shape.map(2, 3, 5)), photo, REFERENCE).failed(1, "'result' FLOAT32[1x2x3x5]");
        run("run", single(1, Shape.vector(1)), photo, REFERENCE).failed(1, "'result' FLOAT32[1x1]");
    }

    @Test
    void scores_along_one_dimension_are_a_classification() throws IOException {
        run("run", single(1, Shape.map(1, 1, 7)), photo, REFERENCE).succeeded();
        run("run", single(1, Shape.vector(2)), photo, REFERENCE).succeeded();
    }

    @Test
    void tensors_of_a_detector_are_dumped() throws IOException {
        Path dump = folder.resolve("dump");
        CommandLineRun result = run("run", detector(), "--raw", raw, "--dump", dump, REFERENCE, "--json")
                .succeeded();
        assertFalse(result.output().contains("\"top\""), result.output());
        try (var files = Files.list(dump)) {
            assertEquals(2, files.count());
        }
    }

    @Test
    void a_model_of_several_inputs_says_which() throws IOException {
        GraphBuilder graph = new GraphBuilder("pair");
        int image = image(graph, "left");
        image(graph, "right");
        Path model = model(graph.build(layer(graph, "result", image, 1, Shape.vector(2))));
        run("run", model, photo, REFERENCE).failed(1, "'left' FLOAT32[1x4x4x3]", "'right' FLOAT32[1x4x4x3]", "--raw");
        run("evaluate", model, "--dataset", "raw:" + raw + ":" + raw, REFERENCE).failed(1, "'right'");
    }

    @Test
    void scores_that_are_no_numbers_are_an_error() throws IOException {
        Path model = single(Float.NaN, Shape.vector(2));
        run("run", model, photo, REFERENCE, "--preprocess=none").failed(1, "'single'", "NaN");
        run("run", model, photo, REFERENCE, "--preprocess=none", "--json").failed(1, "NaN");
        Path images = Files.createDirectories(folder.resolve("images/0"));
        Files.copy(photo, images.resolve("photo.png"));
        Files.copy(photo, Files.createDirectories(folder.resolve("images/1")).resolve("photo.png"));
        run("evaluate", model, "--dataset", "folder:" + images.getParent(), REFERENCE, "--preprocess=none", "--json")
                .failed(1, "NaN");
        run("quantize", model, "--calibrate", images, "-o", folder.resolve("out.whm"), "--preprocess", "unit")
                .failed(1, "NaN");
        assertTrue(Files.notExists(folder.resolve("out.whm")));
        run("run", single(Float.POSITIVE_INFINITY, Shape.vector(2)), photo, REFERENCE, "--preprocess=none")
                .failed(1, "Infinity");
    }

    @Test
    void names_for_more_or_fewer_classes_are_refused() throws IOException {
        Path names = Files.write(folder.resolve("names.txt"), "cat\ndog\n".getBytes(StandardCharsets.UTF_8));
        run("run", single(1, Shape.vector(2)), photo, REFERENCE, "--labels", names)
                .succeeded();
        run("run", single(1, Shape.vector(3)), photo, REFERENCE, "--labels", names)
                .failed(1, "names 2 classes", "has 3");
        run("run", detector(), photo, REFERENCE, "--labels", names).failed(1, "not a classifier");
    }
}
