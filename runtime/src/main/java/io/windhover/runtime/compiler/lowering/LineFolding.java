// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.lowering;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Broadcast;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Elementwise;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.GraphBuilder;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Shape;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Transpose;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.compiler.program.Placement.JobPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Long lines of pixels (tails of detectors, audio) as maps whose rows a band holds: N pixels become N / k rows of k
 * columns where every operator on them works pixel by pixel, and N rows of one column where a window slides along them.
 * Elements keep their order, so tensors, operators and their numbers stay as they are; a transpose exchanges the
 * dimensions that they have in the network.
 */
public final class LineFolding {
    /** Which pixels are folded. What compiles with one reach is not tried with the next. */
    public enum Reach {
        /** Lines that no transpose reads or makes. */
        LINES,
        /**
         * Also lines of few pixels with many channels, and maps of long rows of which every pixel is worked on alone.
         */
        MAPS
    }

    /** Lines of fewer pixels are left alone unless they are joined with a longer one or have many channels. */
    private static final int LONG = 256;

    private final Graph graph;
    private final Placement placement;
    private final Reach reach;
    private final Map<Integer, Line> lines = new HashMap<>();

    private LineFolding(Graph graph, Placement placement, Reach reach) {
        this.graph = graph;
        this.placement = placement;
        this.reach = reach;
        List<Operator> operators =
                all(JobPart::operators).mapToObj(graph.operators()::get).toList();
        for (Operator operator : operators) {
            IntStream.concat(IntStream.of(operator.inputs()), IntStream.of(operator.outputs()))
                    .mapToObj(graph::tensor)
                    .filter(this::isConsidered)
                    .forEach(tensor -> lines.put(tensor.index(), Line.of(tensor)));
        }
        operators.forEach(this::visit);
    }

    private boolean isConsidered(Tensor tensor) {
        Shape shape = tensor.shape();
        boolean isPixel = shape.height() * shape.width() == 1;
        return (tensor.type().isByte() || tensor.type() == TensorType.INT32)
                && (reach == Reach.MAPS ? !isPixel || Line.isLargePixel(tensor) : !isPixel && Line.isStraight(shape));
    }

    private boolean isFolded(int tensor) {
        Line line = lines.get(tensor);
        return line != null && (line.isFolded(LONG) || (reach == Reach.MAPS && line.isWide()));
    }

    /**
     * The jobs of a network with their long lines folded, or null when they have none that can be. What the host
     * computes is left out: it takes and hands over elements in their order, whatever form they have for a job.
     */
    public static @Nullable Graph of(Graph graph, Placement placement, Reach reach) {
        LineFolding folding = new LineFolding(graph, placement, reach);
        if (folding.lines.keySet().stream().noneMatch(folding::isFolded)) {
            return null;
        }
        try {
            return folding.folded();
        } catch (ModelException disagreement) {
            return null;
        }
    }

    private void visit(Operator operator) {
        boolean isMove = operator instanceof Reshape || operator instanceof Transpose;
        if (!isMove) {
            at(operator, isOfElements(operator) ? Line::takeApart : Line::keepWhole);
        }
        boolean isTransposed = reach == Reach.MAPS && operator instanceof Transpose;
        if (isTransposed || operator instanceof Reshape || operator instanceof FullyConnected) {
            return;
        }
        Line line = lines.get(operator.input());
        if (line == null) {
            stiffen(operator);
        } else if (operator instanceof LookupTable || operator instanceof PRelu) {
            join(operator, operator.inputs(), operator.outputs());
        } else if (operator instanceof Elementwise) {
            elementwise(operator);
        } else if (operator instanceof Concatenation concatenation) {
            concatenation(concatenation);
        } else if (operator instanceof Mean mean) {
            mean(mean);
        } else if (FoldedOperators.slides(operator)) {
            slide(operator, line);
        } else {
            stiffen(operator);
        }
    }

    /** True when every element of the output is made of the same element of the inputs, or of that and a constant. */
    private boolean isOfElements(Operator operator) {
        if (!(operator instanceof Elementwise)) {
            return operator instanceof LookupTable;
        }
        Tensor second = graph.tensor(operator.inputs()[1]);
        Broadcast broadcast = Broadcast.of(operator, graph.tensor(operator.input()), second);
        return broadcast == Broadcast.NONE || broadcast == Broadcast.SCALAR;
    }

    private void stiffen(Operator operator) {
        at(operator, Line::stiffen);
    }

    private void at(Operator operator, Consumer<Line> change) {
        for (int[] tensors : List.of(operator.inputs(), operator.outputs())) {
            for (int tensor : tensors) {
                Line line = lines.get(tensor);
                if (line != null) {
                    change.accept(line);
                }
            }
        }
    }

    /** All of them are lines, folded alike. */
    private void join(Operator operator, int[] inputs, int[] outputs) {
        Line first = lines.get(outputs[0]);
        for (int input : inputs) {
            Line line = lines.get(input);
            if (first == null || line == null) {
                stiffen(operator);
                return;
            }
            first.join(line);
        }
    }

    /** A second operand of one pixel covers lines however they are folded. */
    private void elementwise(Operator operator) {
        Shape second = graph.tensor(operator.inputs()[1]).shape();
        boolean isPixel = second.height() * second.width() == 1
                && !second.sameMap(graph.tensor(operator.input()).shape());
        join(operator, isPixel ? new int[] {operator.input()} : operator.inputs(), operator.outputs());
    }

    private void concatenation(Concatenation operator) {
        boolean along = operator.axis() != Concatenation.Axis.CHANNEL;
        Shape output = graph.tensor(operator.output()).shape();
        List<Integer> parts = new ArrayList<>();
        for (int input : operator.inputs()) {
            if (lines.containsKey(input) || !along) {
                parts.add(input);
            }
        }
        boolean isBelow = operator.axis() == Concatenation.Axis.HEIGHT;
        boolean isInOrder = !along
                || operator.inputs().length == 1
                || (isBelow ? reach == Reach.MAPS || output.width() == 1 : output.height() == 1);
        if (!isInOrder) {
            stiffen(operator);
            return;
        }
        join(operator, parts.stream().mapToInt(Integer::intValue).toArray(), operator.outputs());
        Line line = lines.get(operator.output());
        if (line != null && parts.size() < operator.inputs().length) {
            line.makeTall();
        }
    }

    /** A mean of the whole line takes it in any form; one of the channels is a line itself. */
    private void mean(Mean operator) {
        Shape in = graph.tensor(operator.input()).shape();
        if (!Line.isStraight(in) && operator.axes().height() != operator.axes().width()) {
            stiffen(operator);
        } else if (!FoldedOperators.isAlong(operator.axes(), in)) {
            join(operator, operator.inputs(), operator.outputs());
        }
    }

    /**
     * Windows, cuts and borders along the line need it in one column; within the pixels they need nothing. Maps that
     * are no line take the latter only.
     */
    private void slide(Operator operator, Line line) {
        Shape in = graph.tensor(operator.input()).shape();
        Shape out = graph.tensor(operator.output()).shape();
        Line result = lines.get(operator.output());
        boolean isTurned = (in.width() == 1 ? out.width() : out.height()) != 1;
        boolean stays = Line.isStraight(in)
                ? !isTurned && FoldedOperators.isAlong(operator, in)
                : FoldedOperators.isPointwise(operator, in, out);
        if (!stays || (result == null && out.height() * out.width() != 1)) {
            stiffen(operator);
            return;
        }
        if (result != null) {
            line.join(result);
        }
        if (!FoldedOperators.isPixelwise(operator, in, out)) {
            line.makeTall();
        }
    }

    private Graph folded() {
        GraphBuilder folded = new GraphBuilder(graph.name());
        graph.tensors().forEach(tensor -> folded.tensor(folded(tensor)));
        int nothing = nothing(folded);
        folded.input(nothing);
        int[] outputs = all(JobPart::outputs).toArray();
        Set<Integer> made = IntStream.of(outputs).boxed().collect(Collectors.toSet());
        all(JobPart::inputs).filter(tensor -> !made.contains(tensor)).forEach(folded::input);
        Set<Integer> onHost = Set.copyOf(placement.hostOperators());
        for (int position = 0; position < graph.operators().size(); position++) {
            Operator operator = graph.operators().get(position);
            folded.operator(
                    onHost.contains(position)
                            ? new Reshape(operator.name(), new int[] {nothing}, new int[] {nothing(folded)})
                            : folded(operator));
        }
        return folded.build(outputs);
    }

    /** A tensor for what holds the place of an operator on the host, so that the others keep their numbers. */
    private static int nothing(GraphBuilder folded) {
        return folded.tensor("nothing", TensorType.INT8, Shape.vector(1), null);
    }

    /** Tensors or operators of all jobs, each once. */
    private IntStream all(Function<JobPart, List<Integer>> part) {
        return placement.jobs().stream()
                .flatMap(job -> part.apply(job).stream())
                .mapToInt(Integer::intValue)
                .distinct();
    }

    private Tensor folded(Tensor tensor) {
        Line line = lines.get(tensor.index());
        if (line == null || !isFolded(tensor.index())) {
            return tensor;
        }
        Shape shape = tensor.shape();
        if (reach == Reach.MAPS && line.isCut()) {
            return tensor.withShape(Line.cut(shape));
        }
        int columns = line.columns();
        return tensor.withShape(Shape.map(shape.height() * shape.width() / columns, columns, shape.channels()));
    }

    private Operator folded(Operator operator) {
        if (operator.inputs().length == 0) {
            return operator;
        }
        boolean isFolded = isFolded(operator.input());
        if (operator instanceof Transpose o) {
            return isFolded || isFolded(o.output())
                    ? new Transpose(o.name(), o.inputs(), o.outputs(), o.from(graph), o.permutation())
                    : o;
        }
        return isFolded
                ? FoldedOperators.along(operator, graph.tensor(operator.input()).shape())
                : operator;
    }
}
