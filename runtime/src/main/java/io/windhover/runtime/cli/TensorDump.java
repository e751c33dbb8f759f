// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tensors of frames, of a batch one behind the other, as files {@code NNN.bin}, NNN the index in the source model.
 */
final class TensorDump {
    private final Session session;
    private final boolean allTensors;
    private final Map<Integer, ByteArrayOutputStream> contents = new TreeMap<>();

    TensorDump(Session session, boolean allTensors) {
        this.session = session;
        this.allTensors = allTensors;
    }

    /** Takes a frame's tensors; nothing is written yet. */
    void add(Frame frame) {
        Graph graph = session.model().graph();
        Map<Integer, byte[]> tensors = new TreeMap<>();
        if (allTensors) {
            for (Tensor tensor : graph.activations()) {
                tensors.put(tensor.index(), session.activation(frame, tensor.index()));
            }
        }
        for (int index = 0; index < graph.outputs().length; index++) {
            ByteBuffer output = frame.output(index);
            byte[] bytes = new byte[output.capacity()];
            output.get(0, bytes);
            tensors.put(graph.outputs()[index], bytes);
        }
        tensors.forEach((tensor, bytes) -> contents.computeIfAbsent(tensor, missing -> new ByteArrayOutputStream())
                .writeBytes(bytes));
    }

    int size() {
        return contents.size();
    }

    /** Writes them all, but over none of the files that the network was fed with. */
    void write(Path folder, List<Path> inputs) {
        Map<Path, byte[]> files = new TreeMap<>();
        contents.forEach((tensor, bytes) ->
                files.put(folder.resolve(String.format(Locale.ROOT, "%03d.bin", tensor)), bytes.toByteArray()));
        files.keySet().stream().filter(Files::exists).forEach(file -> OutputFiles.checkTarget(file, inputs));
        OutputFiles.writeAll(files);
    }
}
