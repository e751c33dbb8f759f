// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.whm;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.CompiledModelFile;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeJson;
import io.windhover.runtime.detection.Detector;
import io.windhover.runtime.exception.WindhoverException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A network in one file, with its program or waiting to be compiled.
 *
 * @param graph the source network, labels and preprocessing included
 * @param compiled its program for one configuration, or null
 * @param decode how its outputs become boxes, or null
 */
public record CompiledFile(
        Graph graph,
        @Nullable CompiledModel compiled,
        @Nullable Decode decode) {
    private static final byte[] MAGIC = {'W', 'H', 'M', 0x1A};

    private static final String GRAPH = "GRAPH";
    private static final String DECODE = "DECODE";

    /** A file that says nothing of boxes. */
    public CompiledFile(Graph graph, @Nullable CompiledModel compiled) {
        this(graph, compiled, null);
    }

    /** True when a file that starts with these bytes is one. */
    public static boolean looksLike(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Writes it atomically: readers see the old file or the complete new one. */
    public void write(Path target) throws IOException {
        WhmWriter writer = new WhmWriter();
        if (compiled != null) {
            CompiledModelFile.write(compiled, writer);
        }
        if (decode != null) {
            writer.section(DECODE, DecodeJson.write(decode));
        }
        writer.section(GRAPH, GraphCodec.write(graph)).write(target);
    }

    /** Checks the contents of a file; a {@link ModelException} names the file and what is wrong. */
    public static CompiledFile read(Path file, byte[] contents) {
        WhmFile container = WhmFile.open(file, contents);
        try {
            Graph graph = GraphCodec.read(container.section(GRAPH));
            Decode decode = decode(container, graph);
            if (!CompiledModelFile.isIn(container)) {
                return new CompiledFile(graph, null, decode);
            }
            CompiledModel compiled = CompiledModelFile.read(container);
            CompiledFileCheck.check(graph, compiled);
            return new CompiledFile(graph, compiled, decode);
        } catch (ModelException | CompileException | WindhoverException problem) {
            throw new ModelException("Cannot use model " + file + ": " + problem.getMessage(), problem);
        }
    }

    private static @Nullable Decode decode(WhmFile container, Graph graph) {
        if (!container.has(DECODE)) {
            return null;
        }
        ByteBuffer section = container.section(DECODE);
        require(
                section.remaining() <= DecodeJson.MOST_BYTES,
                "its section %s has %d bytes, more than %d; compile the model again.",
                DECODE,
                section.remaining(),
                DecodeJson.MOST_BYTES);
        byte[] text = new byte[section.remaining()];
        section.get(text);
        Decode decode = DecodeJson.read(text);
        if (decode.kind() != Decode.Kind.NONE) {
            Detector unused = Detector.of(graph, decode);
        }
        return decode;
    }
}
