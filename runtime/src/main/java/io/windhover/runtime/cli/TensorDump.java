// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Tensor;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Session;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A frame's tensors as files {@code NNN.bin}, NNN the tensor's index in the source model. */
final class TensorDump {
    private TensorDump() {}

    /** Path to contents of every file; nothing is written yet. */
    static Map<Path, byte[]> collect(Session session, Frame frame, Path folder, boolean allTensors) {
        Graph graph = session.model().graph();
        Map<Path, byte[]> files = new TreeMap<>();
        if (allTensors) {
            for (Tensor tensor : graph.activations()) {
                files.put(file(folder, tensor.index()), session.activation(frame, tensor.index()));
            }
        }
        for (int index = 0; index < graph.outputs().length; index++) {
            ByteBuffer output = frame.output(index);
            byte[] bytes = new byte[output.capacity()];
            output.get(0, bytes);
            files.put(file(folder, graph.outputs()[index]), bytes);
        }
        return files;
    }

    /** The tensors that a network was fed with are not replaced. */
    static void checkTargets(Set<Path> files, List<Path> inputs) {
        files.stream().filter(Files::exists).forEach(file -> OutputFiles.checkTarget(file, inputs));
    }

    private static Path file(Path folder, int tensorIndex) {
        return folder.resolve(String.format(Locale.ROOT, "%03d.bin", tensorIndex));
    }
}
