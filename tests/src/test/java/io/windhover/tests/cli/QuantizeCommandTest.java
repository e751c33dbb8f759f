// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.junit.Simulated;
import io.windhover.models.graph.FloatActivation;
import io.windhover.models.graph.FloatConvolution;
import io.windhover.models.graph.FloatFullyConnected;
import io.windhover.models.graph.FloatSoftmax;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.runtime.whm.CompiledFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb quantize on a small float network: what it writes, what it says, what it refuses. */
class QuantizeCommandTest {
    private static final int SIDE = 12;

    @TempDir
    private Path folder;

    private Path real;
    private Path images;
    private Path out;

    @BeforeEach
    void write_a_float_model_and_pictures() throws IOException {
        real = folder.resolve("real.whm");
        images = Files.createDirectory(folder.resolve("images"));
        out = folder.resolve("out.whm");
        new CompiledFile(network(), null).write(real);
        for (int seed = 0; seed < 6; seed++) {
            BufferedImage picture = new BufferedImage(20, 16, BufferedImage.TYPE_INT_RGB);
            Random random = new Random(seed);
            for (int i = 0; i < 20 * 16; i++) {
                picture.setRGB(i % 20, i / 20, random.nextInt(1 << 24));
            }
            ImageIO.write(picture, "png", images.resolve(seed + ".png").toFile());
        }
    }

    private static Graph network() {
        Random random = new Random(11);
        GraphBuilder graph = new GraphBuilder("real");
        int input = graph.input("input", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 3), null);
        int convolution = graph.tensor("convolution", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 8), null);
        int relu = graph.tensor("relu", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 8), null);
        int scores = graph.tensor("scores", TensorType.FLOAT32, Shape.vector(5), null);
        int softmax = graph.tensor("softmax", TensorType.FLOAT32, Shape.vector(5), null);
        graph.operator(new FloatConvolution(
                "convolution",
                new int[] {input},
                new int[] {convolution},
                Window.square(3, 1, 1),
                8,
                1,
                normal(random, 8 * 27),
                normal(random, 8)));
        graph.operator(new FloatActivation(
                "relu",
                new int[] {convolution},
                new int[] {relu},
                FloatActivation.Function.CLAMP,
                0,
                Float.POSITIVE_INFINITY));
        graph.operator(new FloatFullyConnected(
                "scores",
                new int[] {relu},
                new int[] {scores},
                5,
                normal(random, 5 * SIDE * SIDE * 8),
                normal(random, 5)));
        graph.operator(new FloatSoftmax("softmax", new int[] {scores}, new int[] {softmax}, 1));
        return graph.build(softmax);
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian() * 0.1f;
        }
        return values;
    }

    private static CommandLineRun run(Object... arguments) {
        return CommandLineRun.of(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    @Test
    void its_result_is_a_model_for_the_other_verbs() {
        JsonObject report = JsonParser.parseString(run("quantize", real, "--calibrate", images, "-o", out, "--json")
                        .succeeded()
                        .output())
                .getAsJsonObject();
        assertEquals(6, report.get("inputs").getAsInt());
        assertEquals(4, report.getAsJsonArray("layers").size());
        assertTrue(report.get("snr_db").getAsDouble() > 20, report.toString());
        JsonObject inspected = JsonParser.parseString(
                        run("inspect", out, "--json").succeeded().output())
                .getAsJsonObject();
        assertFalse(inspected.has("program"));
        Path compiled = folder.resolve("compiled.whm");
        run("compile", out, "-o", compiled).succeeded();
        assertTrue(JsonParser.parseString(
                        run("inspect", compiled, "--json").succeeded().output())
                .getAsJsonObject()
                .has("program"));
        String best = best(run("run", real, images.resolve("0.png"), "--device", "reference:", "--json")
                .succeeded()
                .output());
        assertEquals(
                best,
                best(run("run", out, images.resolve("0.png"), "--device", "reference:", "--json")
                        .succeeded()
                        .output()));
    }

    private static String best(String json) {
        return JsonParser.parseString(json)
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("top")
                .get(0)
                .getAsJsonObject()
                .get("label")
                .getAsString();
    }

    @Test
    @Simulated("functional:")
    void its_result_runs_alike_on_the_accelerator_and_the_reference() throws IOException {
        run("quantize", real, "--calibrate", images, "--limit", 3, "-o", out).succeeded();
        byte[] input = new byte[SIDE * SIDE * 3];
        new Random(3).nextBytes(input);
        Path raw = Files.write(folder.resolve("input.bin"), input);
        for (String device : new String[] {"functional:", "reference:"}) {
            run("run", out, "--raw", raw, "--dump", folder.resolve(device), "--all-tensors", "--device", device)
                    .succeeded();
        }
        for (String tensor : new String[] {"002.bin", "003.bin", "004.bin"}) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("reference:").resolve(tensor)),
                    Files.readAllBytes(folder.resolve("functional:").resolve(tensor)),
                    tensor);
        }
    }

    @Test
    void a_table_shows_every_layer_and_what_helped() {
        String output = run("quantize", real, "--calibrate", images, "-o", out, "--preprocess", "signed")
                .succeeded()
                .output();
        assertTrue(output.contains("dB  convolution"), output);
        assertTrue(output.contains("the same class as the float model for"), output);
    }

    @Test
    void a_network_that_sees_nothing_in_0_to_1_takes_pixels_as_they_are() throws IOException {
        Random random = new Random(5);
        GraphBuilder graph = new GraphBuilder("bright");
        int input = graph.input("input", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 3), null);
        int scores = graph.tensor("scores", TensorType.FLOAT32, Shape.vector(5), null);
        float[] weights = normal(random, 5 * SIDE * SIDE * 3);
        for (int i = 0; i < weights.length; i++) {
            weights[i] /= 50;
        }
        graph.operator(
                new FloatFullyConnected("scores", new int[] {input}, new int[] {scores}, 5, weights, new float[5]));
        Path bright = folder.resolve("bright.whm");
        new CompiledFile(graph.build(scores), null).write(bright);
        assertTrue(run("quantize", bright, "--calibrate", images, "-o", out)
                .succeeded()
                .errors()
                .contains("taken as 'none'"));
        assertTrue(run("quantize", real, "--calibrate", images, "-o", out)
                .succeeded()
                .errors()
                .contains("taken as 'unit'"));
        assertEquals(
                "",
                run("quantize", bright, "--calibrate", images, "--preprocess", "unit", "-o", out)
                        .succeeded()
                        .errors());
    }

    @Test
    void a_map_for_an_output_has_no_class_to_agree_on() throws IOException {
        GraphBuilder graph = new GraphBuilder("mask");
        int input = graph.input("input", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 3), null);
        int mask = graph.tensor("mask", TensorType.FLOAT32, Shape.map(SIDE, SIDE, 2), null);
        graph.operator(new FloatConvolution(
                "mask",
                new int[] {input},
                new int[] {mask},
                Window.square(3, 1, 1),
                2,
                1,
                normal(new Random(2), 2 * 27),
                new float[2]));
        Path masks = folder.resolve("masks.whm");
        new CompiledFile(graph.build(mask), null).write(masks);
        String output = run("quantize", masks, "--calibrate", images, "-o", out)
                .succeeded()
                .output();
        assertTrue(output.contains("out.whm: outputs ") && !output.contains("class"), output);
        assertFalse(run("quantize", masks, "--calibrate", images, "-o", out, "--json")
                .succeeded()
                .output()
                .contains("agreement"));
    }

    @Test
    void raw_tensors_calibrate_as_floats_or_as_pixels() throws IOException {
        Path tensors = Files.createDirectory(folder.resolve("tensors"));
        Files.write(tensors.resolve("a.bin"), new byte[SIDE * SIDE * 3 * 4]);
        byte[] pixels = new byte[SIDE * SIDE * 3];
        new Random(1).nextBytes(pixels);
        Files.write(tensors.resolve("b.bin"), pixels);
        run("quantize", real, "--calibrate", tensors, "-o", out).succeeded();
        Files.writeString(tensors.resolve("notes.txt"), "no image");
        run("quantize", real, "--calibrate", tensors, "-o", out).failed(1, "notes.txt", "is not an image");
        Files.delete(tensors.resolve("notes.txt"));
        Files.copy(images.resolve("0.png"), tensors.resolve("photo"));
        JsonObject report = JsonParser.parseString(run("quantize", real, "--calibrate", tensors, "-o", out, "--json")
                        .succeeded()
                        .output())
                .getAsJsonObject();
        assertEquals(3, report.get("inputs").getAsInt());
        Files.write(tensors.resolve("c.bin"), new byte[7]);
        run("quantize", real, "--calibrate", tensors, "-o", out).failed(1, "c.bin", "7 bytes", "1728");
    }

    @Test
    void a_float_model_cannot_be_compiled_or_accelerated() {
        run("compile", real, "-o", out)
                .failed(1, "floating point", "operator 0, FloatConvolution 'convolution'", "./windhover quantize");
        assertFalse(Files.exists(out));
    }

    @Test
    void what_is_wrong_is_said_in_one_sentence_and_nothing_is_written() throws IOException {
        run("quantize", "zoo:lenet5", "--calibrate", images, "-o", out).failed(1, "not a float network", "INT8");
        run("quantize", real, "--calibrate", folder.resolve("absent"), "-o", out)
                .failed(1, "absent", "calibrate with");
        run("quantize", real, "--calibrate", Files.createDirectory(folder.resolve("empty")), "-o", out)
                .failed(1, "empty", "holds no images");
        run("quantize", real, "--calibrate", images, "-o", folder.resolve("no/such/out.whm"))
                .failed(1, "folder that exists");
        run("quantize", real, "--calibrate", images, "--limit", 0, "-o", out).failed(2, "--limit");
        run("quantize", real, "-o", out).failed(2, "--calibrate");
        Files.write(images.resolve("broken.png"), new byte[] {1, 2, 3});
        run("quantize", real, "--calibrate", images, "-o", out).failed(1, "broken.png");
        assertFalse(Files.exists(out));
    }
}
