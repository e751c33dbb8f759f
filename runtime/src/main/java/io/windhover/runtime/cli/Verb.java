// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import com.google.gson.FieldNamingPolicy;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.windhover.models.graph.InputShapes;
import io.windhover.runtime.Limits;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.report.Printable;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every verb has: --help, --verbose, and where to write. */
abstract class Verb implements Callable<Integer> {
    static final String MODEL_FORMS =
            "A .tflite, .onnx or .whm file, a folder of BNN-PYNQ parameters, zoo:NAME or zoo:NAME@reduced.";

    static final Gson JSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .setFieldNamingPolicy(FieldNamingPolicy.LOWER_CASE_WITH_UNDERSCORES)
            .create();

    @Spec
    CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused")
    private boolean help;

    @Option(names = "--verbose", description = "On an error, also print where in the program it arose.")
    private boolean verbose;

    boolean isVerbose() {
        return verbose;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    void printJson(Object value) {
        out().print(Printable.json(JSON.toJson(value)) + System.lineSeparator());
        out().flush();
    }

    /** The model a user names; what its file says but is not used goes to stderr. */
    Model load(String model, Limits limits, InputShapes shapes) {
        Model loaded = new ModelLoader(limits.modelBytes()).load(model, shapes);
        loaded.notes().forEach(note -> Progress.say(err(), "model '" + loaded.name() + "': " + note));
        return loaded;
    }

    abstract void execute();

    @Override
    public final Integer call() {
        execute();
        return 0;
    }
}
