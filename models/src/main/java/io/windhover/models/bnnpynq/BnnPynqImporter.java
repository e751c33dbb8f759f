// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.bnnpynq;

import static io.windhover.models.ModelException.require;

import io.windhover.models.ModelException;
import io.windhover.models.graph.Graph;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Reads the parameter folders of BNN-PYNQ: CNV (nine layers, 32 x 32 x 3 pixels; W1A1, W1A2 and W2A2) and LFC (four
 * layers, 28 x 28 pixels; W1A1 and W1A2). The input of the graph is the uint8 pixels; its output is an INT32 score for
 * each class. Times its scale, a score is the number of agreements or the sum (CNV), or its excess over the threshold
 * (LFC).
 */
public final class BnnPynqImporter {
    /** Largest folder read unless the caller says otherwise. */
    public static final long DEFAULT_LIMIT_BYTES = 512L << 20;

    private BnnPynqImporter() {}

    /** The network in this folder, of at most {@link #DEFAULT_LIMIT_BYTES}. */
    public static Graph read(Path folder) throws IOException {
        return read(folder, ParameterFolder.read(folder, DEFAULT_LIMIT_BYTES));
    }

    /**
     * The network that the contents of a folder describe; a {@link ModelException} names the file that is missing,
     * damaged or of another network.
     */
    public static Graph read(Path folder, ParameterFolder parameters) {
        String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
        try {
            int layers = parameters.layers();
            require(
                    layers > 0,
                    "it holds no BNN-PYNQ parameters (0-0-weights.bin and so on); give the network's folder, or a model file in it.");
            require(
                    layers == CnvImporter.LAYERS || layers == LfcImporter.LAYERS,
                    "it has weight files (0-0-weights.bin and so on) for %d layers; BNN-PYNQ's CNV has %d and its LFC %d.",
                    layers,
                    CnvImporter.LAYERS,
                    LfcImporter.LAYERS);
            return layers == CnvImporter.LAYERS
                    ? new CnvImporter(parameters, name).read()
                    : new LfcImporter(parameters, name).read();
        } catch (ModelException problem) {
            throw new ModelException("Model folder " + folder + ": " + problem.getMessage(), problem);
        }
    }
}
