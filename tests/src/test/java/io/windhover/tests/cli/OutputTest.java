package io.windhover.tests.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.windhover.models.zoo.Zoo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        javax.imageio.ImageIO.write(new java.awt.image.BufferedImage(33, 20, java.awt.image.BufferedImage.TYPE_INT_RGB), "png", file.toFile());
        return file;
    }

    private static JsonElement json(String... arguments) {
        return JsonParser.parseString(CommandLineRun.of(arguments).succeeded().output());
    }

    @Test
    void models_lists_the_zoo() {
        JsonArray models = json("models", "--json").getAsJsonArray();
        assertEquals(Zoo.names().size(), models.size());
        assertEquals(Set.of("name", "macs", "parameters", "parameters_unfolded", "published_macs", "published_parameters", "remark"),
                models.get(0).getAsJsonObject().keySet());
        assertTrue(Zoo.names().containsAll(Set.of("mobilenet_v1_1.0_224", "mobilenet_v2_1.0_224", "cnv_w1a1")));
    }

    @Test
    void run_prints_one_object_an_image_in_order() throws IOException {
        JsonArray results = json("run", "zoo:lenet5", picture("b.png").toString(), picture("a.png").toString(), picture("c.png").toString(),
                "--device", "reference:", "--top", "2", "--json").getAsJsonArray();
        assertEquals(3, results.size());
        assertTrue(results.get(0).getAsJsonObject().get("input").getAsString().endsWith("b.png"));
        JsonArray top = results.get(2).getAsJsonObject().getAsJsonArray("top");
        assertEquals(2, top.size());
        assertEquals(Set.of("label", "index", "score"), top.get(0).getAsJsonObject().keySet());
        assertTrue(top.get(0).getAsJsonObject().get("score").getAsDouble() >= top.get(1).getAsJsonObject().get("score").getAsDouble());
    }

    @Test
    void dump_writes_every_output_or_every_activation_named_by_index() throws IOException {
        byte[] input = new byte[784];
        new Random(1).nextBytes(input);
        Path raw = Files.write(folder.resolve("in.bin"), input);
        Path all = folder.resolve("all");
        Path outputs = folder.resolve("outputs");
        CommandLineRun.of("run", "zoo:lenet5", "--raw", raw.toString(), "--dump", all.toString(), "--all-tensors", "--device=reference:").succeeded();
        CommandLineRun.of("run", "zoo:lenet5", "--raw", raw.toString(), "--dump", outputs.toString(), "--device=reference:").succeeded();
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
        JsonObject source = json("run", "zoo:lenet5", image, "--device=reference:", "--json").getAsJsonArray().get(0).getAsJsonObject();
        JsonObject again = json("run", compiled.toString(), image, "--device=reference:", "--json").getAsJsonArray().get(0).getAsJsonObject();
        assertEquals(source.get("top"), again.get("top"));
    }

    @Test
    void compile_reports_where_each_layer_runs() {
        JsonObject report = json("compile", "zoo:lenet5", "-o", folder.resolve("x.whm").toString(), "--json").getAsJsonObject();
        assertEquals(Zoo.load("lenet5").operators().size(), report.getAsJsonArray("layers").size());
    }

    @Test
    void every_verb_teaches_with_examples() {
        for (String verb : new String[] {"demo", "run", "compile", "quantize", "inspect", "evaluate", "profile", "devices", "models", "synth"}) {
            CommandLineRun help = CommandLineRun.of(verb, "--help").succeeded();
            assertTrue(help.output().contains("./windhover " + verb), help.output());
        }
    }
}
