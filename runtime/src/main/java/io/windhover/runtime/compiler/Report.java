package io.windhover.runtime.compiler;

import io.windhover.driver.Capabilities;
import io.windhover.driver.contract.Contract.Queue;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.Reshape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Says of every operator where it runs and what it costs at least. */
final class Report {
    private final Graph graph;
    private final Capabilities capabilities;
    private final Placement placement;
    private final List<Stage> stages;
    private final long[] readBytes;
    private final long[] writtenBytes;

    Report(Graph graph, Capabilities capabilities, Placement placement, List<Stage> stages, List<Instruction> program) {
        this.graph = graph;
        this.capabilities = capabilities;
        this.placement = placement;
        this.stages = stages;
        readBytes = new long[graph.operators().size()];
        writtenBytes = new long[graph.operators().size()];
        for (Instruction instruction : program) {
            for (Access access : instruction.accesses()) {
                if (access.space() == Access.Space.MEMORY) {
                    long[] bytes = access.write() ? writtenBytes : readBytes;
                    bytes[instruction.layer()] += access.high() - access.low();
                }
            }
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
        boolean binary = false;
        for (Stage stage : stages) {
            if (stage.layer == position) {
                commands.add(command(stage));
                binary |= stage.queue() == Queue.XNOR;
            }
        }
        long macs = operator.macs(graph);
        long rate = binary ? 64L * capabilities.xnorLanes() : 8L * capabilities.int8Reduction() * capabilities.int8Pixels();
        long read = readBytes[position];
        long written = writtenBytes[position];
        long floor = Math.max((macs + rate - 1) / rate, Math.max(read / 16, written / 8));
        return new LayerInfo(position, operator.name(), operator.kind(), placement(position, operator, commands), macs, read, written, floor,
                aloneFloor(position, (macs + rate - 1) / rate));
    }

    /** Input maps and weights over two read ports, output maps over the write port, or the array. */
    private long aloneFloor(int position, long arrayCycles) {
        long read = 0;
        long written = 0;
        for (Stage stage : stages) {
            if (stage.layer == position) {
                read += 32L * stage.weightWords() + stage.inputs.stream().mapToLong(MapNode::bytes).sum();
                written += stage.output.bytes();
            }
        }
        return Math.max(arrayCycles, Math.max(read / 16, written / 8));
    }

    private String placement(int position, Operator operator, Set<String> commands) {
        if (placement.head().contains(position) || placement.tail().contains(position)) {
            return "host";
        }
        if (!commands.isEmpty()) {
            return String.join(" + ", commands);
        }
        return operator instanceof Reshape ? "no work: the map stays as it is" : "part of the neighbouring layer";
    }

    private static String command(Stage stage) {
        return stage instanceof VectorStage vector ? "VECTOR " + vector.mode.operation()
                : stage instanceof Int8Stage int8 ? int8.mode.depthwise() ? "INT8_CONVOLUTION depthwise" : "INT8_CONVOLUTION dense"
                : "XNOR_CONVOLUTION";
    }
}
