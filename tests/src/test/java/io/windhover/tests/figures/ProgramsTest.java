// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.figures;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.windhover.contract.Configuration;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.testing.RandomGraphs;
import io.windhover.models.zoo.Zoo;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.InputLocation;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.TensorLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The SHA-256 of every program that the compiler makes of the zoo and of 3,000 random graphs, for every configuration.
 * A change that is meant to leave programs alone shows here when it does not: {@code tests/baselines/programs.txt} has
 * a line for each network and for each hundred random graphs, and is rewritten with {@code -Dbaselines.write=true};
 * {@code target/programs.txt} has a line for each program, to be compared with another commit's.
 */
@Tag("full")
class ProgramsTest {
    private static final Path BASELINE = Path.of("baselines/programs.txt");
    private static final Path ALL = Path.of("target/programs.txt");
    private static final long FIRST_SEED = 8_000_000;
    private static final int LAYERS = 2_000;
    private static final int NETWORKS = 200;
    private static final int BATCH = 100;

    private static final Map<String, LongFunction<Graph>> NETWORK_KINDS = new TreeMap<>(Map.of(
            "network", RandomGraphs::network,
            "binary_network", RandomGraphs::binaryNetwork,
            "layout_network", RandomGraphs::layoutNetwork,
            "layout_chain", RandomGraphs::layoutChain,
            "mixture", RandomGraphs::mixture));

    private final List<String> programs = new ArrayList<>();
    private final List<String> summary = new ArrayList<>();

    @Test
    void every_program_is_what_it_was() throws IOException {
        for (String name : Zoo.names()) {
            Graph graph = Zoo.load(name);
            assertEquals(List.of(), HostReport.beyondEnds(graph, Placement.of(graph)), name + " is not strict");
            for (Configuration configuration : Configuration.ALL) {
                add("zoo:" + name, configuration.name(), digest(graph, configuration.name(), false));
                summary.add(programs.get(programs.size() - 1));
            }
        }
        addRandom("layer", RandomGraphs::layer, LAYERS);
        NETWORK_KINDS.forEach((kind, graphs) -> addRandom(kind, graphs, NETWORKS));
        Files.write(ALL, programs);
        if (Boolean.getBoolean("baselines.write")) {
            Files.write(BASELINE, summary);
        }
        assertEquals(
                String.join("\n", Files.readAllLines(BASELINE)),
                String.join("\n", summary),
                "compare target/programs.txt with the other commit's; where the change is meant, rewrite the baseline with -Dbaselines.write=true");
        System.out.printf("%d programs are what they were%n", programs.size());
    }

    /** Odd seeds keep every tensor. */
    private void addRandom(String kind, LongFunction<Graph> graphs, int count) {
        for (Configuration configuration : Configuration.ALL) {
            for (int first = 0; first < count; first += BATCH) {
                for (long seed = FIRST_SEED + first; seed < FIRST_SEED + first + BATCH; seed++) {
                    add(
                            kind + ":" + seed,
                            configuration.name(),
                            digest(graphs.apply(seed), configuration.name(), seed % 2 == 1));
                }
                MessageDigest batch = sha256();
                programs.subList(programs.size() - BATCH, programs.size())
                        .forEach(line -> batch.update(line.getBytes(StandardCharsets.UTF_8)));
                summary.add(
                        line(kind + ":" + (FIRST_SEED + first) + "+" + BATCH, configuration.name(), batch.digest()));
            }
        }
    }

    private void add(String name, String configuration, byte[] digest) {
        programs.add(line(name, configuration, digest));
    }

    private static String line(String name, String configuration, byte[] digest) {
        return name + " " + configuration + " "
                + (digest.length == 0 ? "refused" : HexFormat.of().formatHex(digest));
    }

    /** Of all that a device and the host need to run it: the contract's digest and what is only shown stay out. */
    private static byte[] digest(Graph graph, String configuration, boolean keepingEveryTensor) {
        CompiledModel model;
        try {
            Capabilities capabilities = Capabilities.named(configuration);
            model = keepingEveryTensor
                    ? Compiler.compileKeepingEveryTensor(graph, capabilities)
                    : Compiler.compile(graph, capabilities);
        } catch (CompileException refusal) {
            return new byte[0];
        }
        Numbers numbers = new Numbers();
        numbers.add(model.configuration(), model.commandCount());
        numbers.add(model.commands());
        numbers.add(model.constants().length);
        numbers.digest.update(model.constants());
        numbers.add(model.scratchBytes(), model.estimatedCycles());
        for (InputLocation input : model.inputs()) {
            numbers.add(input.tensor(), input.region(), input.tensorBytes(), input.regionBytes());
        }
        model.outputs().forEach(numbers::add);
        model.dumped().forEach(numbers::add);
        model.head().forEach(numbers::add);
        model.tail().forEach(numbers::add);
        return numbers.digest.digest();
    }

    /** Digests 64-bit numbers, little-endian. */
    private static final class Numbers {
        private final MessageDigest digest = sha256();

        void add(long... values) {
            byte[] bytes = new byte[values.length * Long.BYTES];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (values[i / Long.BYTES] >>> ((i % Long.BYTES) * Byte.SIZE));
            }
            digest.update(bytes);
        }

        void add(TensorLocation place) {
            add(
                    place.tensor(),
                    place.region(),
                    place.offset(),
                    place.height(),
                    place.width(),
                    place.channels(),
                    place.blocks(),
                    place.type().ordinal());
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
