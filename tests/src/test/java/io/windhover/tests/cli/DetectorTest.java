// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.runtime.whm.CompiledFile;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A FOMO whose cells are the mean colour of what they cover: it finds green and blue things before red. */
class DetectorTest {
    private static final String REFERENCE = "--device=reference:";

    @TempDir
    private Path folder;

    private Path model;
    private Path square;

    @BeforeEach
    void write() throws IOException {
        GraphBuilder graph = new GraphBuilder("colours");
        Quantization quantization = Quantization.of(1 / 256f, -128);
        int image = graph.input("image", TensorType.INT8, Shape.map(64, 64, 3), quantization);
        int cells = graph.tensor("cells", TensorType.INT8, Shape.map(8, 8, 3), quantization);
        graph.operator(
                new AveragePool("mean", new int[] {image}, new int[] {cells}, Window.square(8, 8, 0), -128, 127));
        graph.labels(List.of("green", "blue"));
        model = folder.resolve("colours.whm");
        new CompiledFile(graph.build(cells), null).write(model);
        square = photo("square.png", 128, 128, new int[] {16, 32, 64, 32});
    }

    /** A red picture with a green rectangle. */
    private Path photo(String name, int width, int height, int[] green) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D draw = picture.createGraphics();
        draw.setColor(Color.RED);
        draw.fillRect(0, 0, width, height);
        draw.setColor(Color.GREEN);
        draw.fillRect(green[0], green[1], green[2], green[3]);
        draw.dispose();
        Path file = folder.resolve(name);
        ImageIO.write(picture, "png", file.toFile());
        return file;
    }

    private static CommandLineRun run(Object... arguments) {
        return CommandLineRun.of(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    }

    private static JsonObject only(CommandLineRun run) {
        JsonArray all = JsonParser.parseString(run.succeeded().output()).getAsJsonArray();
        assertEquals(1, all.size());
        return all.get(0).getAsJsonObject();
    }

    private static void assertGreen(JsonObject result, double x, double y, double width, double height) {
        JsonArray found = result.getAsJsonArray("detections");
        assertEquals(1, found.size(), result.toString());
        JsonObject one = found.get(0).getAsJsonObject();
        assertEquals("green", one.get("label").getAsString());
        assertEquals(0, one.get("index").getAsInt());
        assertEquals(0.98, one.get("score").getAsDouble(), 0.02);
        assertEquals(
                List.of(x, y, width, height),
                List.of(
                        one.get("x").getAsDouble(),
                        one.get("y").getAsDouble(),
                        one.get("width").getAsDouble(),
                        one.get("height").getAsDouble()));
    }

    @Test
    void boxes_are_in_pixels_of_the_picture() throws IOException {
        JsonObject result = only(run("run", model, square, REFERENCE, "--json"));
        assertGreen(result, 16, 32, 64, 32);
        assertEquals(128, result.getAsJsonObject("picture").get("width").getAsInt());
        String text = run("run", model, square, REFERENCE).succeeded().output();
        assertTrue(text.matches("(?s).*green +9[0-9][.][0-9]+ % +16[.]0 +32[.]0 +64[.]0 +32[.]0\n.*"), text);
        Path wide = photo("wide.png", 128, 64, new int[] {16, 16, 64, 16});
        assertGreen(only(run("run", model, wide, REFERENCE, "--json", "--fit", "letterbox")), 16, 16, 64, 16);
        Path tall = photo("tall.png", 64, 128, new int[] {16, 64, 16, 16});
        assertGreen(only(run("run", model, tall, REFERENCE, "--json", "--fit", "crop")), 16, 64, 16, 16);
    }

    @ParameterizedTest
    @ValueSource(strings = {"functional:tiny", "functional:"})
    void a_compiled_detector_finds_the_same(String device) {
        Path compiled = folder.resolve("compiled.whm");
        String configuration = device.endsWith("tiny") ? "tiny" : "zynq7020";
        String said = run(
                        "compile",
                        model,
                        "-o",
                        compiled,
                        "--config",
                        configuration,
                        "--decode",
                        "fomo",
                        "--minimum-score",
                        "0.9")
                .succeeded()
                .output();
        assertTrue(said.contains("boxes: fomo, minimum score 0.9"), said);
        assertGreen(only(run("run", compiled, square, "--device", device, "--json")), 16, 32, 64, 32);
        String inspected = run("inspect", compiled).succeeded().output();
        assertTrue(inspected.contains("result  boxes: fomo, minimum score 0.9"), inspected);
        JsonObject json = JsonParser.parseString(
                        run("inspect", compiled, "--json").succeeded().output())
                .getAsJsonObject();
        assertEquals("fomo", json.getAsJsonObject("decode").get("kind").getAsString());
    }

    @Test
    void boxes_are_drawn_into_the_picture() throws IOException {
        Path drawn = folder.resolve("drawn.png");
        run("run", model, square, REFERENCE, "--draw", drawn).succeeded();
        BufferedImage before = ImageIO.read(square.toFile());
        BufferedImage after = ImageIO.read(drawn.toFile());
        assertEquals(128, after.getWidth());
        assertEquals(128, after.getHeight());
        assertNotEquals(before.getRGB(17, 48), after.getRGB(16, 48), "the left edge");
        assertEquals(before.getRGB(48, 56), after.getRGB(48, 56), "the inside");
        assertEquals(before.getRGB(120, 120), after.getRGB(120, 120), "beside it");
        Path second = photo("second.png", 64, 64, new int[] {8, 8, 8, 8});
        Path several = Files.createDirectory(folder.resolve("several"));
        run("run", model, square, second, REFERENCE, "--draw", several).succeeded();
        assertTrue(Files.exists(several.resolve("square.png")) && Files.exists(several.resolve("second.png")));
        run("run", model, square, second, REFERENCE, "--draw", drawn).failed(1, "is a file", "name a folder");
        run("run", model, square, REFERENCE, "--draw", square).failed(1, "square.png");
        run("run", model, "--raw", square, REFERENCE, "--draw", drawn).failed(2, "--draw needs images");
    }

    @Test
    void thresholds_and_kinds_are_chosen() {
        String none = run("run", model, square, REFERENCE, "--minimum-score", "1")
                .succeeded()
                .output();
        assertTrue(none.contains("nothing found"), none);
        run("run", model, square, REFERENCE, "--decode", "none").failed(1, "not a classifier");
        run("run", model, square, REFERENCE, "--decode", "yolov8").failed(1, "are not those of yolov8");
        run("run", model, square, REFERENCE, "--decode", "yolov9").failed(1, "yolov9", "fomo");
        run("run", model, square, REFERENCE, "--decode", "nowhere.json").failed(1, "nowhere.json");
        run("run", model, square, REFERENCE, "--minimum-score", "2").failed(2, "from 0 to 1");
        run("run", model, square, REFERENCE, "--boxes", "0").failed(2, "--boxes");
        run("run", "zoo:lenet5", square, REFERENCE, "--draw", "x.png").failed(1, "classifies whole pictures");
    }

    @Test
    void its_precision_is_measured() throws IOException {
        Path scenes = Files.createDirectory(folder.resolve("scenes"));
        Files.copy(square, scenes.resolve("a.png"));
        Files.writeString(scenes.resolve("a.txt"), "green 16 32 64 32\n# nothing else\n");
        photo("scenes/b.png", 128, 128, new int[] {0, 0, 16, 16});
        Files.writeString(scenes.resolve("b.txt"), "green 0 0 16 16\nblue 64 64 16 16\n");
        JsonObject all = JsonParser.parseString(
                        run("evaluate", model, "--dataset", "boxes:" + scenes, REFERENCE, "--json")
                                .succeeded()
                                .output())
                .getAsJsonObject();
        assertEquals(2, all.get("images").getAsInt());
        assertEquals(0.5, all.get("ap50").getAsDouble(), 1e-9);
        JsonArray classes = all.getAsJsonArray("classes");
        assertEquals("blue", classes.get(0).getAsJsonObject().get("label").getAsString());
        assertEquals(1, classes.get(1).getAsJsonObject().get("ap").getAsDouble(), 1e-9);
        String text = run("evaluate", model, "--dataset", "boxes:" + scenes, REFERENCE)
                .succeeded()
                .output();
        assertTrue(text.contains("AP at overlap 0.5           50.00 %"), text);
        run("evaluate", model, "--dataset", "folder:" + scenes, REFERENCE).failed(1, "finds things", "boxes:DIR");
        run("evaluate", "zoo:lenet5", "--dataset", "boxes:" + scenes, REFERENCE).failed(1, "classifies whole images");
        Files.writeString(scenes.resolve("b.txt"), "green 0 0 16\n");
        run("evaluate", model, "--dataset", "boxes:" + scenes, REFERENCE).failed(1, "b.txt", "line 1");
        Files.delete(scenes.resolve("b.txt"));
        run("evaluate", model, "--dataset", "boxes:" + scenes, REFERENCE).failed(1, "has no 'b.txt'");
    }
}
