package io.windhover.runtime;

import io.windhover.models.graph.Graph;
import io.windhover.runtime.compiler.CompiledModel;
import org.jspecify.annotations.Nullable;

/**
 * A network to run and where it came from.
 *
 * @param source   what the user named: a path or zoo:NAME
 * @param sha256   digest of the model file's bytes in lower-case hexadecimal; of a zoo network, of its name;
 *                 of a folder, of the name and bytes of each of its parameter files in order of names
 * @param graph    the network
 * @param compiled its program, when the file holds one
 */
public record Model(String source, String sha256, Graph graph, @Nullable CompiledModel compiled) {
    /** The network's own name. */
    public String name() {
        return graph.name();
    }
}
