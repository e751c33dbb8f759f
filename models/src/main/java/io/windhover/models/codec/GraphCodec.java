// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.codec;

import static io.windhover.models.ModelException.require;

import io.windhover.models.graph.Graph;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes and reads whole graphs. */
public final class GraphCodec {
    private static final int MAGIC_AND_VERSION = 0x04474857;

    private GraphCodec() {}

    public static byte[] write(Graph graph) {
        RecordWriter writer = new RecordWriter();
        writer.integer(MAGIC_AND_VERSION);
        writer.record(graph);
        return writer.bytes();
    }

    /**
     * Reads the remaining bytes of a buffer; a {@link io.windhover.models.ModelException} when they are not a valid
     * graph.
     */
    public static Graph read(ByteBuffer contents) {
        ByteBuffer buffer = contents.slice().order(ByteOrder.LITTLE_ENDIAN);
        require(
                buffer.remaining() >= Integer.BYTES && buffer.getInt() == MAGIC_AND_VERSION,
                "The stored graph is of another version; compile the model again.");
        Graph graph = (Graph) new RecordReader(buffer).record(Graph.class);
        require(
                !buffer.hasRemaining(),
                "The stored graph is followed by %d bytes that do not belong to it.",
                buffer.remaining());
        return graph;
    }
}
