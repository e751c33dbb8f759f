// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Quantization;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Window;
import io.windhover.models.onnx.OnnxNetwork;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.whm.CompiledFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the verbs print, as other programs read it. */
class OutputTest {
    @TempDir
    Path folder;

    private Path picture(String name) throws IOException {
        Path file = folder.resolve(name);
        javax.imageio.ImageIO.write(
                new java.awt.image.BufferedImage(33, 20, java.awt.image.BufferedImage.TYPE_INT_RGB),
                "png",
                file.toFile());
        return file;
    }

    private static JsonElement json(String... arguments) {
        return JsonParser.parseString(CommandLineRun.of(arguments).succeeded().output());
    }

    @Test
    void models_lists_the_zoo() {
        JsonArray models = json("models", "--json").getAsJsonArray();
        assertEquals(Zoo.names().size(), models.size());
        assertEquals(
                Set.of(
                        "name",
                        "macs",
                        "parameters",
                        "parameters_unfolded",
                        "published_macs",
                        "published_parameters",
                        "remark"),
                models.get(0).getAsJsonObject().keySet());
        assertTrue(Zoo.names().containsAll(Set.of("mobilenet_v1_1.0_224", "mobilenet_v2_1.0_224", "cnv_w1a1")));
    }

    @Test
    void run_prints_one_object_an_image_in_order() throws IOException {
        JsonArray results = json(
                        "run",
                        "zoo:lenet5",
                        picture("b.png").toString(),
                        picture("a.png").toString(),
                        picture("c.png").toString(),
                        "--device",
                        "reference:",
                        "--top",
                        "2",
                        "--json")
                .getAsJsonArray();
        assertEquals(3, results.size());
        assertTrue(results.get(0).getAsJsonObject().get("input").getAsString().endsWith("b.png"));
        JsonArray top = results.get(2).getAsJsonObject().getAsJsonArray("top");
        assertEquals(2, top.size());
        assertEquals(
                Set.of("label", "index", "score"), top.get(0).getAsJsonObject().keySet());
        assertTrue(top.get(0).getAsJsonObject().get("score").getAsDouble()
                >= top.get(1).getAsJsonObject().get("score").getAsDouble());
    }

    @Test
    void run_reports_a_bad_image_and_keeps_the_results_of_the_others() throws IOException {
        Path cut = folder.resolve("cut.png");
        Files.write(cut, Arrays.copyOf(Files.readAllBytes(picture("whole.png")), 60));
        String[] images = {
            picture("a.png").toString(),
            cut.toString(),
            picture("b.png").toString(),
            folder.resolve("absent.png").toString(),
            picture("c.png").toString()
        };
        CommandLineRun printed = run(images);
        assertEquals(1, printed.exitCode());
        assertEquals(
                List.of(images[0], images[2], images[4]),
                printed.output().lines().filter(line -> !line.startsWith(" ")).toList());
        assertEquals(3, printed.errors().lines().count(), printed.errors());
        assertTrue(printed.errors().contains("2 of 5 images"), printed.errors());
        CommandLineRun structured = run(images[0], images[1], images[2], images[3], images[4], "--json");
        assertEquals(1, structured.exitCode());
        JsonArray results = JsonParser.parseString(structured.output()).getAsJsonArray();
        for (int i = 0; i < images.length; i++) {
            JsonObject result = results.get(i).getAsJsonObject();
            assertEquals(images[i], result.get("input").getAsString());
            assertEquals(i % 2 == 0, result.has("top"));
            assertEquals(i % 2 == 1, result.has("error"));
        }
    }

    private static CommandLineRun run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("run", "zoo:lenet5", "--device=reference:"));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    @Test
    void evaluate_skips_a_bad_image_and_says_so() throws IOException {
        for (String one : List.of("0/a.png", "1/b.png")) {
            Files.createDirectories(folder.resolve(one).getParent());
            picture(one);
        }
        Files.writeString(folder.resolve("1/notes.txt"), "no image");
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Files.move(folder.resolve("0"), classes.resolve("0"));
        Files.move(folder.resolve("1"), classes.resolve("1"));
        CommandLineRun evaluated = CommandLineRun.of(
                        "evaluate", "zoo:lenet5", "--dataset", "folder:" + classes, "--device=reference:", "--json")
                .succeeded();
        assertEquals(
                2,
                JsonParser.parseString(evaluated.output())
                        .getAsJsonObject()
                        .get("images")
                        .getAsInt());
        assertEquals(
                1,
                JsonParser.parseString(evaluated.output())
                        .getAsJsonObject()
                        .get("skipped")
                        .getAsInt());
        assertTrue(evaluated.errors().contains("notes.txt' is not an image"), evaluated.errors());
        CommandLineRun printed = CommandLineRun.of(
                        "evaluate", "zoo:lenet5", "--dataset", "folder:" + classes, "--device=reference:")
                .succeeded();
        assertTrue(printed.output().contains("2 images, 1 more skipped"), printed.output());
        CommandLineRun verified = CommandLineRun.of(
                        "verify", "zoo:lenet5", "--images", classes.toString(), "--device=functional:")
                .succeeded();
        assertTrue(verified.output().matches("(?s).*\n  top-1 \\d+\\.\\d\\d %.*"), verified.output());
    }

    @Test
    void dump_writes_every_output_or_every_activation_named_by_index() throws IOException {
        byte[] input = new byte[784];
        new Random(1).nextBytes(input);
        Path raw = Files.write(folder.resolve("in.bin"), input);
        Path all = folder.resolve("all");
        Path outputs = folder.resolve("outputs");
        CommandLineRun.of(
                        "run",
                        "zoo:lenet5",
                        "--raw",
                        raw.toString(),
                        "--dump",
                        all.toString(),
                        "--all-tensors",
                        "--device=reference:")
                .succeeded();
        CommandLineRun.of(
                        "run",
                        "zoo:lenet5",
                        "--raw",
                        raw.toString(),
                        "--dump",
                        outputs.toString(),
                        "--device=reference:")
                .succeeded();
        assertArrayEquals(input, Files.readAllBytes(all.resolve("000.bin")));
        try (var files = Files.list(all)) {
            assertEquals(Zoo.load("lenet5").activations().size(), files.count());
        }
        try (var files = Files.list(outputs)) {
            Path only = files.findFirst().orElseThrow();
            assertTrue(only.getFileName().toString().matches("\\d{3}\\.bin"));
            assertArrayEquals(Files.readAllBytes(only), Files.readAllBytes(all.resolve(only.getFileName())));
        }
    }

    @Test
    void a_compiled_file_answers_like_its_source() throws IOException {
        Path compiled = folder.resolve("lenet5.whm");
        CommandLineRun.of("compile", "zoo:lenet5", "-o", compiled.toString()).succeeded();
        String image = picture("a.png").toString();
        JsonObject source = json("run", "zoo:lenet5", image, "--device=reference:", "--json")
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        JsonObject again = json("run", compiled.toString(), image, "--device=reference:", "--json")
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertEquals(source.get("top"), again.get("top"));
    }

    @Test
    void compile_reports_where_each_layer_runs() {
        JsonObject report = json(
                        "compile", "zoo:lenet5", "-o", folder.resolve("x.whm").toString(), "--json")
                .getAsJsonObject();
        assertEquals(
                Zoo.load("lenet5").operators().size(),
                report.getAsJsonArray("layers").size());
    }

    @Test
    void names_from_strangers_steer_no_terminal_and_forge_no_line() throws IOException {
        String evil = "x\u001b]0;owned\u0007\nforged";
        Path model = folder.resolve("evil.whm");
        Quantization quantization = Quantization.of(1 / 255f, -128);
        GraphBuilder graph = new GraphBuilder(evil).labels(List.of(evil, "b", "c", "d"));
        int input = graph.input(evil, TensorType.INT8, Shape.map(2, 2, 1), quantization);
        int output = graph.tensor(evil, TensorType.INT8, Shape.vector(4), quantization);
        graph.operator(new Reshape(evil, new int[] {input}, new int[] {output}));
        new CompiledFile(graph.build(output), null).write(model);
        String image = picture(evil + ".png").toString();
        List<List<String>> commands = List.of(
                List.of("inspect", model.toString()),
                List.of("run", model.toString(), image, "--device=reference:"),
                List.of("run", model.toString(), image + "absent", image, "--device=reference:"),
                List.of("inspect", image),
                List.of("inspect", evil),
                List.of("run", model.toString(), image, image, "--device=reference:", "--json"),
                List.of("inspect", model.toString(), "--json"));
        for (List<String> command : commands) {
            CommandLineRun run = CommandLineRun.of(command.toArray(String[]::new));
            String all = run.output() + run.errors();
            assertTrue(
                    all.chars().noneMatch(character -> character != '\n' && Character.isISOControl(character)),
                    command + ": " + all);
            assertTrue(all.lines().noneMatch(line -> line.startsWith("forged")), command + ": " + all);
            assertTrue(all.contains("\\u001b]0;owned\\u0007\\nforged"), command + ": " + all);
        }
        assertEquals(
                image,
                json("run", model.toString(), image, "--device=reference:", "--json")
                        .getAsJsonArray()
                        .get(0)
                        .getAsJsonObject()
                        .get("input")
                        .getAsString());
        assertEquals(
                evil,
                json("inspect", model.toString(), "--json")
                        .getAsJsonObject()
                        .get("name")
                        .getAsString());
    }

    @Test
    void every_verb_teaches_with_examples() {
        for (String verb : new String[] {
            "demo", "run", "compile", "quantize", "inspect", "evaluate", "profile", "devices", "models", "synth"
        }) {
            CommandLineRun help = CommandLineRun.of(verb, "--help").succeeded();
            assertTrue(help.output().contains("./windhover " + verb), help.output());
        }
    }

    /**
     * Picocli formats each line, prints one that it cannot as it is, and says so past what the command line is given.
     */
    @Test
    void no_line_of_help_is_a_broken_format() {
        PrintStream before = System.err;
        ByteArrayOutputStream warnings = new ByteArrayOutputStream();
        System.setErr(new PrintStream(warnings, true, StandardCharsets.UTF_8));
        try {
            for (String verb : new String[] {
                "demo",
                "run",
                "compile",
                "quantize",
                "inspect",
                "evaluate",
                "profile",
                "verify",
                "serve",
                "devices",
                "models",
                "synth"
            }) {
                CommandLineRun help = CommandLineRun.of(verb, "--help").succeeded();
                assertFalse(help.output().contains("%%"), help.output());
            }
        } finally {
            System.setErr(before);
        }
        assertEquals("", warnings.toString(StandardCharsets.UTF_8));
    }

    @Test
    void inspect_says_where_each_operator_runs() {
        JsonArray operators =
                json("inspect", "zoo:finder_fomo", "--json").getAsJsonObject().getAsJsonArray("operators");
        JsonObject first = operators.get(0).getAsJsonObject();
        JsonObject last = operators.get(operators.size() - 1).getAsJsonObject();
        assertEquals("accelerator", first.get("runs_on").getAsString());
        assertEquals("host", last.get("runs_on").getAsString());
        assertTrue(last.get("reason").getAsString().contains("softmax"), last.toString());
    }

    @Test
    void inspect_marks_the_operator_that_a_file_is_refused_for() throws IOException {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String codes = network.node("Relu", List.of("input"));
        network.output(network.node("Transpose", List.of(codes), "perm", new long[] {0, 0, 1, 2}));
        String file = Files.write(folder.resolve("marked.onnx"), network.file()).toString();
        String text = CommandLineRun.of("inspect", file).succeeded().output();
        assertTrue(text.contains("1 of 2 operators are supported"), text);
        assertTrue(text.matches("(?s).*1 Transpose [^\n]* unsupported: .*"), text);
    }

    /** An average of more channels than a map has: supported by itself, and refused by the compiler. */
    @Test
    void inspect_marks_the_operator_that_cannot_be_compiled() throws IOException {
        Path model = folder.resolve("large.whm");
        Quantization quantization = Quantization.of(1 / 255f, -128);
        GraphBuilder graph = new GraphBuilder("large");
        Shape shape = Shape.map(2, 2, 40_000);
        int input = graph.input("input", TensorType.INT8, shape, quantization);
        int output = graph.tensor("output", TensorType.INT8, Shape.map(1, 1, 40_000), quantization);
        graph.operator(new MaxPool("widest", new int[] {input}, new int[] {output}, Window.square(2, 1, 0), -128, 127));
        new CompiledFile(graph.build(output), null).write(model);
        CommandLineRun.of(
                        "compile",
                        model.toString(),
                        "-o",
                        folder.resolve("out.whm").toString())
                .failed(1, "Layer 'widest' cannot be placed");
        String text = CommandLineRun.of("inspect", model.toString()).succeeded().output();
        assertTrue(text.matches("(?s).*0 MaxPool [^\n]* refused\n.*"), text);
        assertTrue(
                text.contains("This model cannot be compiled for zynq7020. Layer 'widest' cannot be placed: "), text);
        JsonObject report = json("inspect", model.toString(), "--json").getAsJsonObject();
        JsonObject widest = report.getAsJsonArray("operators").get(0).getAsJsonObject();
        assertEquals(report.get("problem"), widest.get("problem"));
    }

    @Test
    void inspect_lists_what_stands_in_the_way_of_a_file_that_cannot_be_used() throws IOException {
        OnnxNetwork network = new OnnxNetwork().input("input", 1, 3, 4, 4);
        String unknown = network.node("Nonesuch", List.of(network.node("Relu", List.of("input"))));
        network.output(network.node("Sigmoid", List.of(unknown)));
        String file =
                Files.write(folder.resolve("refused.onnx"), network.file()).toString();
        String text = CommandLineRun.of("inspect", file).succeeded().output();
        assertTrue(text.startsWith("This model cannot be used. Model file " + file + ": Operator 1 (Nonesuch"), text);
        assertTrue(text.contains("1 of 3 operators are supported"), text);
        assertTrue(text.contains("unsupported: Windhover has no such operator"), text);
        assertTrue(text.contains("unknown: it reads what operator 1 makes"), text);
        JsonObject report = json("inspect", file, "--json").getAsJsonObject();
        assertEquals(3, report.getAsJsonArray("operators").size());
        assertTrue(report.get("problem").getAsString().contains("Nonesuch"), report.toString());
    }
}
