// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line's entry: exit code 0 when all went well, 1 on an error, 2 on wrong usage, 128 and its number after a
 * signal.
 */
@Command(
        name = "windhover",
        synopsisSubcommandLabel = "VERB",
        description = "Runs convolutional networks on an FPGA accelerator, real or simulated, and publishes over MQTT.",
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ServeCommand.class,
            CompileCommand.class,
            QuantizeCommand.class,
            InspectCommand.class,
            EvaluateCommand.class,
            ProfileCommand.class,
            VerifyCommand.class,
            DevicesCommand.class,
            ModelsCommand.class,
            SynthCommand.class
        },
        footer = {
            "",
            "MODEL is a .tflite or .onnx file, a .whm file (from compile or quantize), a folder of BNN-PYNQ parameters",
            "or zoo:NAME (zoo:NAME@reduced: a small version). './windhover VERB --help' explains a verb.",
            "'./windhover test' checks everything, './windhover benchmark' times the functional model beside",
            "ONNX Runtime, './windhover contract' rewrites the generated contract files, './windhover package --maven'",
            "makes Maven artifacts, for tests of models in projects elsewhere.",
            "",
            "Start here:",
            "  ./windhover demo",
            "  ./windhover models",
            "  ./windhover run zoo:mobilenet_v1_0.25_96 photo.jpg --device functional:"
        })
public final class Windhover {
    static final int FAILED = 1;
    static final int MISUSED = 2;
    /** What a shell shows of any program that was ended by a closed pipe. */
    static final int READER_LEFT = 128 + 13;

    @CommandLine.Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("unused")
    private boolean help;

    private Windhover() {}

    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(new StandardOutput(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(StandardError.install(), true, StandardCharsets.UTF_8);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> endOfThread(thread, failure, err));
        // What says why a thread ended must be there even when the program's files no longer are.
        String unused = Failures.sentence(new LinkageError());
        Signals.install();
        int code = Signals.exitCode(execute(out, err, arguments));
        err.flush();
        StandardError.drain();
        System.exit(code);
    }

    /** A thread that dies of an error leaves others waiting for it, so it ends the program. */
    private static void endOfThread(Thread thread, Throwable failure, PrintWriter err) {
        boolean ends = true;
        try {
            err.println("windhover: in thread " + thread.getName() + ": " + Failures.sentence(failure));
            ends = failure instanceof Error;
            if (ends) {
                StandardError.drain();
            }
        } finally {
            if (ends) {
                Runtime.getRuntime().halt(FAILED);
            }
        }
    }

    /** Runs one command line and returns its exit code. */
    public static int execute(PrintWriter out, PrintWriter err, String... arguments) {
        CommandLine commandLine = new CommandLine(new Windhover());
        commandLine.setDefaultValueProvider(new DefaultDevices());
        commandLine.setOut(new SafeWriter(out, false));
        commandLine.setErr(new SafeWriter(err, true));
        commandLine.setExecutionExceptionHandler((failure, line, parsed) -> report(failure, line));
        commandLine.setParameterExceptionHandler((failure, given) -> misuse(failure));
        commandLine.setExecutionStrategy(Windhover::runLast);
        commandLine.setUsageHelpWidth(110);
        try {
            int code = executeReportingErrors(commandLine, arguments);
            out.flush();
            return code;
        } catch (StandardOutput.LostError lost) {
            return outputLost(lost, err);
        }
    }

    /**
     * picocli shows help whatever else the line holds, so that a verb that does not exist would get the general one.
     */
    private static int runLast(ParseResult parsed) {
        if (!parsed.unmatched().isEmpty()) {
            throw new UnmatchedArgumentException(parsed.commandSpec().commandLine(), parsed.unmatched());
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    private static int executeReportingErrors(CommandLine commandLine, String... arguments) {
        try {
            return arguments.length == 0 ? showHelp(commandLine) : commandLine.execute(arguments);
        } catch (StandardOutput.LostError lost) {
            throw lost;
        } catch (Error failure) {
            return report(failure, verbOf(commandLine));
        }
    }

    private static int outputLost(StandardOutput.LostError lost, PrintWriter err) {
        if (lost.readerLeft()) {
            return READER_LEFT;
        }
        err.println("windhover: " + lost.getMessage());
        return FAILED;
    }

    private static CommandLine verbOf(CommandLine commandLine) {
        ParseResult parsed = commandLine.getParseResult();
        return parsed != null && parsed.hasSubcommand()
                ? parsed.subcommand().commandSpec().commandLine()
                : commandLine;
    }

    private static int showHelp(CommandLine commandLine) {
        commandLine.usage(commandLine.getErr());
        return MISUSED;
    }

    private static int misuse(ParameterException failure) {
        CommandLine line = failure.getCommandLine();
        String message =
                String.valueOf(failure.getMessage()).lines().findFirst().orElse("the command line is wrong");
        if (failure instanceof UnmatchedArgumentException unknown
                && line.getCommand() instanceof Windhover
                && !unknown.isUnknownOption()) {
            message = "there is no verb '" + unknown.getUnmatched().get(0) + "'";
        }
        line.getErr()
                .println("windhover: " + Failures.oneLine(message) + " (try './"
                        + line.getCommandSpec().qualifiedName() + " --help')");
        line.getErr().flush();
        return MISUSED;
    }

    private static int report(Throwable failure, CommandLine line) {
        try {
            line.getOut().flush();
        } finally {
            Failures.sentences(failure).forEach(sentence -> line.getErr().println("windhover: " + sentence));
            if (line.getCommand() instanceof Verb verb && verb.isVerbose()) {
                failure.printStackTrace(line.getErr());
            }
            line.getErr().flush();
        }
        return FAILED;
    }
}
