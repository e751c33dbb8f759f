package io.windhover.runtime.whm;

import com.google.gson.Gson;
import io.windhover.models.ModelException;
import io.windhover.models.codec.GraphCodec;
import io.windhover.models.graph.Graph;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import io.windhover.runtime.compiler.CompiledModel;
import io.windhover.runtime.compiler.InputPlace;
import io.windhover.runtime.compiler.LayerInfo;
import io.windhover.runtime.compiler.TensorPlace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A network with its program in one file.
 *
 * @param graph    the source network, labels and preprocessing included
 * @param compiled its program for one configuration
 */
public record CompiledFile(Graph graph, CompiledModel compiled) {
    /** The first bytes of every such file. */
    public static final byte[] MAGIC = {'W', 'H', 'M', 0x1A};

    private static final String GRAPH = "GRAPH";
    private static final String SUMMARY = "SUMMARY";
    private static final String COMMANDS = "COMMANDS";
    private static final String CONSTANTS = "CONST";
    private static final int SUMMARY_BYTES_LIMIT = 4 << 20;

    /** All of a compiled model but its bulk. The digest is a hexadecimal string, as JSON's numbers are too short for it. */
    record Summary(
            String name,
            int configuration,
            String contractDigest,
            long scratchBytes,
            List<InputPlace> inputs,
            List<TensorPlace> outputs,
            List<TensorPlace> dumped,
            List<LayerInfo> layers,
            List<Integer> head,
            List<Integer> tail,
            long estimatedCycles) {}

    /** Writes it in one step: whoever looks sees the old file or the whole new one. */
    public void write(Path target) throws IOException {
        ByteBuffer commands = ByteBuffer.allocate(compiled.commands().length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        commands.asLongBuffer().put(compiled.commands());
        Summary summary = new Summary(compiled.name(), compiled.configuration(), Long.toHexString(compiled.contractDigest()),
                compiled.scratchBytes(), compiled.inputs(), compiled.outputs(), compiled.dumped(), compiled.layers(), compiled.head(),
                compiled.tail(), compiled.estimatedCycles());
        new WhmWriter()
                .section(SUMMARY, new Gson().toJson(summary).getBytes(StandardCharsets.UTF_8))
                .section(COMMANDS, commands)
                .section(CONSTANTS, compiled.constants())
                .section(GRAPH, GraphCodec.write(graph))
                .write(target);
    }

    /** Reads and checks a file of at most this size; a {@link ModelException} names it and what is wrong. */
    public static CompiledFile read(Path file, long limitBytes) throws IOException {
        WhmFile container = WhmFile.open(file, limitBytes);
        try {
            Graph graph = GraphCodec.read(container.section(GRAPH));
            CompiledModel compiled = compiled(container);
            CompiledFileCheck.check(graph, compiled);
            return new CompiledFile(graph, compiled);
        } catch (RuntimeException problem) {
            String reason = problem instanceof ModelException ? problem.getMessage() : "its contents contradict each other; compile the model again.";
            throw new ModelException("Cannot use model " + file + ": " + reason, problem);
        }
    }

    private static CompiledModel compiled(WhmFile container) {
        ByteBuffer text = container.section(SUMMARY);
        ModelException.require(text.remaining() <= SUMMARY_BYTES_LIMIT, "its summary has %d bytes; compile the model again.", text.remaining());
        Summary summary = new Gson().fromJson(StandardCharsets.UTF_8.decode(text).toString(), Summary.class);
        ModelException.require(summary != null, "its summary is empty; compile the model again.");
        ByteBuffer commandBytes = container.section(COMMANDS);
        long[] commands = new long[commandBytes.remaining() / Long.BYTES];
        commandBytes.asLongBuffer().get(commands);
        ByteBuffer constantBytes = container.section(CONSTANTS);
        byte[] constants = new byte[constantBytes.remaining()];
        constantBytes.get(constants);
        return new CompiledModel(summary.name(), summary.configuration(), Long.parseUnsignedLong(summary.contractDigest(), 16), commands, constants,
                summary.scratchBytes(), summary.inputs(), summary.outputs(), summary.dumped(), summary.layers(), summary.head(), summary.tail(),
                summary.estimatedCycles());
    }
}
