// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.operators;

import io.windhover.driver.Capabilities;
import io.windhover.models.graph.Add;
import io.windhover.models.graph.AveragePool;
import io.windhover.models.graph.BinaryConvolution;
import io.windhover.models.graph.BinaryFullyConnected;
import io.windhover.models.graph.BinaryMaxPool;
import io.windhover.models.graph.Concatenation;
import io.windhover.models.graph.Convolution;
import io.windhover.models.graph.DepthToSpace;
import io.windhover.models.graph.DepthwiseConvolution;
import io.windhover.models.graph.FullyConnected;
import io.windhover.models.graph.Graph;
import io.windhover.models.graph.LocallyConnected;
import io.windhover.models.graph.LookupTable;
import io.windhover.models.graph.MaxPool;
import io.windhover.models.graph.Maximum;
import io.windhover.models.graph.Mean;
import io.windhover.models.graph.Minimum;
import io.windhover.models.graph.MirrorPad;
import io.windhover.models.graph.Multiply;
import io.windhover.models.graph.Operator;
import io.windhover.models.graph.PRelu;
import io.windhover.models.graph.Pad;
import io.windhover.models.graph.Reshape;
import io.windhover.models.graph.Resize;
import io.windhover.models.graph.Slice;
import io.windhover.models.graph.SpaceToDepth;
import io.windhover.models.graph.Subtract;
import io.windhover.models.graph.Tensor;
import io.windhover.models.graph.TensorType;
import io.windhover.models.graph.Threshold;
import io.windhover.models.graph.Transpose;
import io.windhover.models.graph.TransposedConvolution;
import io.windhover.runtime.compiler.channels.TensorValue;
import io.windhover.runtime.compiler.lowering.Arranger;
import io.windhover.runtime.compiler.lowering.BlockCopies;
import io.windhover.runtime.compiler.lowering.Fusions;
import io.windhover.runtime.compiler.lowering.Int8StageBuilder;
import io.windhover.runtime.compiler.lowering.LoweringState;
import io.windhover.runtime.compiler.lowering.OperandMaps;
import io.windhover.runtime.compiler.lowering.Reshaper;
import io.windhover.runtime.compiler.lowering.TensorMaps;
import io.windhover.runtime.compiler.lowering.VectorStageBuilder;
import io.windhover.runtime.compiler.program.BilinearShares;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.MapAddress;
import io.windhover.runtime.compiler.program.Placement.JobPart;
import java.util.Arrays;
import java.util.List;

/** Turns the operators of one job into stages. */
public final class GraphLowering {
    private final LoweringState state;
    private final TensorMaps tensors;
    private final JobPart part;
    private final List<MapAddress> inputs;
    private final Fusions fusions;
    private final WindowSteps steps;
    private final ConvolutionLowering convolutions;
    private final LocalLowering locals;
    private final BinaryLowering binaries;
    private final PoolLowering pools;
    private final MeanLowering means;
    private final TableLowering tables;
    private final ElementwiseLowering elements;
    private final RectifierLowering rectifiers;
    private final LayoutLowering layouts;
    private final SliceLowering slices;
    private final TransposeLowering transposes;
    private final GatherLowering gathers;
    private final BilinearLowering bilinear;
    private final TransposedConvolutionLowering transposed;

    /**
     * @param inputs where the part's inputs begin, in their order
     * @param stepwise for what is refused otherwise
     */
    public GraphLowering(
            Graph graph,
            Capabilities capabilities,
            JobPart part,
            List<MapAddress> inputs,
            boolean everyTensor,
            boolean stepwise) {
        state = new LoweringState(graph, capabilities, everyTensor, stepwise);
        this.part = part;
        this.inputs = inputs;
        fusions = new Fusions(graph, everyTensor);
        VectorStageBuilder vectors = new VectorStageBuilder(state);
        BlockCopies copies = new BlockCopies(vectors);
        Int8StageBuilder int8 = new Int8StageBuilder(state, fusions, copies);
        Arranger arranger = new Arranger(state, int8, copies);
        tensors = new TensorMaps(state, arranger, new Reshaper(state, arranger));
        steps = new WindowSteps(state, tensors, fusions, this::dispatch);
        convolutions = new ConvolutionLowering(state, tensors, fusions, int8);
        locals = new LocalLowering(state, tensors);
        binaries = new BinaryLowering(state, tensors);
        pools = new PoolLowering(state, tensors, vectors, copies, int8);
        means = new MeanLowering(state, tensors, int8);
        tables = new TableLowering(state, tensors, vectors);
        elements = new ElementwiseLowering(state, vectors, new OperandMaps(state, tensors, int8));
        rectifiers = new RectifierLowering(state, tensors, vectors, int8);
        layouts = new LayoutLowering(state, tensors, int8);
        Crops crops = new Crops(tensors, vectors);
        slices = new SliceLowering(state, tensors, crops);
        transposes = new TransposeLowering(state, tensors);
        gathers = new GatherLowering(state, tensors, crops);
        bilinear = new BilinearLowering(state, tensors, int8);
        transposed = new TransposedConvolutionLowering(state, tensors, int8);
    }

    public LoweringState lower() {
        for (int input = 0; input < inputs.size(); input++) {
            Tensor tensor = state.tensor(part.inputs().get(input));
            if (!tensor.type().isByte() && tensor.type() != TensorType.BITS) {
                throw new CompileException(
                        "Input " + tensor + " cannot be read by the accelerator; quantise the model first.");
            }
            state.bind(tensor.index(), TensorValue.input(inputs.get(input), tensor.shape(), tensor.type()));
        }
        for (int position : part.operators()) {
            Operator operator = state.graph.operators().get(position);
            if (!fusions.isFused(operator)) {
                dispatch(operator);
                if (state.everyTensor) {
                    Arrays.stream(operator.outputs()).forEach(output -> settle(operator, output));
                }
            }
        }
        state.graph
                .operators()
                .forEach(operator -> Arrays.stream(operator.outputs())
                        .filter(part.outputs()::contains)
                        .forEach(output -> settle(operator, output)));
        return state;
    }

    /** What is wanted in memory must be a map of its own; a network input is only when it is an output. */
    private void settle(Operator operator, int tensor) {
        TensorValue value = state.bound(tensor);
        if (value != null && (!value.isInput() || part.outputs().contains(tensor))) {
            tensors.settle(operator, tensor);
        }
    }

    private void dispatch(Operator operator) {
        if (steps.lower(operator)) {
            return;
        }
        if (operator instanceof Convolution o) {
            convolutions.lower(o);
        } else if (operator instanceof DepthwiseConvolution o) {
            convolutions.lower(o);
        } else if (operator instanceof FullyConnected o) {
            convolutions.lower(o);
        } else if (operator instanceof LocallyConnected o) {
            locals.lower(o);
        } else if (operator instanceof BinaryConvolution o) {
            binaries.lower(o);
        } else if (operator instanceof BinaryFullyConnected o) {
            binaries.lower(o);
        } else if (operator instanceof Reshape o) {
            state.bind(
                    o.output(),
                    state.value(o, o.input()).reshaped(state.tensor(o.output()).shape()));
        } else if (!vector(operator) && !layout(operator)) {
            throw CompileException.layer(operator.name(), "the accelerator has no %s.", operator.kind());
        }
    }

    private boolean vector(Operator operator) {
        if (operator instanceof MaxPool o) {
            pools.lower(o);
        } else if (operator instanceof AveragePool o) {
            pools.lower(o);
        } else if (operator instanceof BinaryMaxPool o) {
            pools.lower(o);
        } else if (operator instanceof LookupTable o) {
            tables.lower(o);
        } else if (operator instanceof PRelu o) {
            rectifiers.lower(o);
        } else {
            return elementwise(operator);
        }
        return true;
    }

    private boolean elementwise(Operator operator) {
        if (operator instanceof Add o) {
            elements.lower(o);
        } else if (operator instanceof Subtract o) {
            elements.lower(o);
        } else if (operator instanceof Multiply o) {
            elements.lower(o);
        } else if (operator instanceof Maximum o) {
            elements.lower(o);
        } else if (operator instanceof Minimum o) {
            elements.lower(o);
        } else {
            return false;
        }
        return true;
    }

    private boolean layout(Operator operator) {
        if (operator instanceof Mean o) {
            means.lower(o);
        } else if (operator instanceof Pad o) {
            layouts.lower(o);
        } else if (operator instanceof Concatenation o && o.axis() == Concatenation.Axis.CHANNEL) {
            layouts.lower(o);
        } else if (operator instanceof Threshold o) {
            layouts.lower(o);
        } else if (operator instanceof Slice o) {
            slices.lower(o);
        } else if (operator instanceof Transpose o) {
            transposes.lower(o);
        } else {
            return assembled(operator);
        }
        return true;
    }

    /** What may be put together in memory. */
    private boolean assembled(Operator operator) {
        if (operator instanceof Concatenation o) {
            gathers.lower(o);
        } else if (operator instanceof Resize o && o.mode() == Resize.Mode.NEAREST) {
            gathers.lower(o);
        } else if (BilinearShares.areTakenBy(operator)) {
            bilinear.lower(operator);
        } else if (operator instanceof MirrorPad o) {
            gathers.lower(o);
        } else if (operator instanceof SpaceToDepth o) {
            gathers.lower(o);
        } else if (operator instanceof DepthToSpace o) {
            gathers.lower(o);
        } else if (operator instanceof TransposedConvolution o) {
            transposed.lower(o);
        } else {
            return false;
        }
        return true;
    }
}
