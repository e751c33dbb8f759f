package io.windhover.runtime.cli;

import io.windhover.driver.DriverException;
import io.windhover.models.ModelException;
import io.windhover.runtime.WindhoverException;
import io.windhover.runtime.compiler.CompileException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The command line's entry: exit code 0 when all went well, 1 on an error, 2 on wrong usage, 128 and its number after a signal. */
@Command(
        name = "windhover",
        synopsisSubcommandLabel = "VERB",
        description = "Runs convolutional networks on an FPGA accelerator, real or simulated, and publishes over MQTT.",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            CompileCommand.class,
            QuantizeCommand.class,
            InspectCommand.class,
            EvaluateCommand.class,
            ProfileCommand.class,
            DevicesCommand.class,
            ModelsCommand.class,
            SynthCommand.class
        },
        footer = {
            "",
            "MODEL is a .tflite or .onnx file, a .whm file (from compile or quantize), a folder of BNN-PYNQ parameters",
            "or zoo:NAME (zoo:NAME@reduced: a small version). './windhover VERB --help' explains a verb.",
            "'./windhover test' checks everything, './windhover benchmark' times the functional model beside",
            "ONNX Runtime, './windhover contract' rewrites the generated contract files.",
            "",
            "Start here:",
            "  ./windhover demo",
            "  ./windhover models",
            "  ./windhover run zoo:mobilenet_v1_0.25_96 photo.jpg --device functional:"
        })
public final class Windhover {
    static final int FAILED = 1;
    static final int MISUSED = 2;

    @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this help.")
    private boolean help;

    private Windhover() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        Signals.install();
        int code = Signals.exitCode(execute(out, err, arguments));
        out.flush();
        err.flush();
        System.exit(code);
    }

    /** Runs one command line and returns its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Windhover());
        commandLine.setOut(new SafeWriter(out, false));
        commandLine.setErr(new SafeWriter(err, true));
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> report(failure, line));
        commandLine.setParameterExceptionHandler((failure, given) -> misuse(failure));
        commandLine.setUsageHelpWidth(110);
        int code = arguments.length == 0 ? showHelp(commandLine) : commandLine.execute(arguments);
        out.flush();
        return code;
    }

    private static int showHelp(CommandLine commandLine) {
        commandLine.usage(commandLine.getErr());
        return MISUSED;
    }

    private static int misuse(ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        String message = failure.getMessage().lines().findFirst().orElse("the command line is wrong");
        line.getErr().println("windhover: " + message + " (try './" + line.getCommandSpec().qualifiedName() + " --help')");
        line.getErr().flush();
        return MISUSED;
    }

    private static int report(Exception failure, CommandLine line) {
        line.getOut().flush();
        line.getErr().println("windhover: " + sentence(failure));
        if (line.getCommand() instanceof Verb verb && verb.isVerbose()) {
            failure.printStackTrace(line.getErr());
        }
        line.getErr().flush();
        return FAILED;
    }

    private static String sentence(Exception failure) {
        if (failure instanceof WindhoverException || failure instanceof ModelException || failure instanceof CompileException
                || failure instanceof DriverException) {
            return oneLine(failure.getMessage());
        }
        if (failure instanceof InvalidPathException) {
            return "'" + oneLine(((InvalidPathException) failure).getInput()) + "' is not a path.";
        }
        return "this should not have happened: " + failure.getClass().getSimpleName() + " (" + oneLine(failure.getMessage())
                + "); run it again with --verbose and report it.";
    }

    private static String oneLine(String message) {
        return message == null ? "no reason given" : Printable.line(message.strip());
    }
}
