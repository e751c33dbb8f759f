// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler;

import io.windhover.contract.Contract;
import io.windhover.contract.Queue;
import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import io.windhover.runtime.compiler.program.CommandFloor;
import io.windhover.runtime.compiler.program.LayerInfo;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.ScheduledCommand;
import io.windhover.runtime.compiler.stage.Int8Stage;
import io.windhover.runtime.compiler.stage.Stage;
import io.windhover.runtime.compiler.stage.VectorStage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says of every operator where it runs and what it costs at least. */
final class Report {
    private final Graph graph;
    private final Set<Integer> host;
    private final List<Stage> stages;
    private final long[] readBytes;
    private final long[] writtenBytes;
    /** Cycles that the commands of each layer take at least, in each queue. */
    private final long[][] floors;

    Report(
            Graph graph,
            Capabilities capabilities,
            Placement placement,
            List<Stage> stages,
            List<ScheduledCommand> program) {
        this.graph = graph;
        this.host = Set.copyOf(placement.hostOperators());
        this.stages = stages;
        readBytes = new long[graph.operators().size()];
        writtenBytes = new long[graph.operators().size()];
        floors = new long[graph.operators().size()][Contract.QUEUES];
        for (ScheduledCommand instruction : program) {
            long[] words = instruction.command().words();
            long[] bytes = instruction.queue() == Queue.STORE ? writtenBytes : readBytes;
            bytes[instruction.layer()] += CommandFloor.movedBytes(words, 0, capabilities);
            floors[instruction.layer()][instruction.queue().ordinal()] += CommandFloor.cycles(words, 0, capabilities);
        }
    }

    List<LayerInfo> layers() {
        List<LayerInfo> layers = new ArrayList<>();
        for (int position = 0; position < graph.operators().size(); position++) {
            layers.add(layer(position));
        }
        return layers;
    }

    private LayerInfo layer(int position) {
        Operator operator = graph.operators().get(position);
        Set<String> commands = new LinkedHashSet<>();
        for (Stage stage : stages) {
            if (stage.layer == position) {
                commands.add(command(stage));
            }
        }
        return new LayerInfo(
                position,
                operator.name(),
                operator.kind(),
                placement(position, operator, commands),
                operator.macs(graph),
                readBytes[position],
                writtenBytes[position],
                Arrays.stream(floors[position]).max().orElse(0));
    }

    private String placement(int position, Operator operator, Set<String> commands) {
        if (host.contains(position)) {
            return "host";
        }
        if (!commands.isEmpty()) {
            return String.join(" + ", commands);
        }
        return operator instanceof Reshape ? "no work: the map stays as it is" : "part of the neighbouring layer";
    }

    private static String command(Stage stage) {
        return stage instanceof VectorStage vector
                ? "VECTOR " + vector.mode.operation()
                : stage instanceof Int8Stage int8
                        ? int8.mode.depthwise() ? "INT8_CONVOLUTION depthwise" : "INT8_CONVOLUTION dense"
                        : "XNOR_CONVOLUTION";
    }
}
