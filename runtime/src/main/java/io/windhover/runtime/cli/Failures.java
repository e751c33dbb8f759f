// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.driver.DriverException;
import io.windhover.models.ModelException;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.report.Printable;
import io.windhover.runtime.serve.yaml.YamlException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is said of a failure: a sentence that ends with what to do. */
final class Failures {
    private static final int LONGEST_REASON = 200;
    private static final Pattern PASSWORD = Pattern.compile("(\\w:/+[^\\s/:@']*:)[^\\s/@']*@");

    private Failures() {}

    /** One for each mistake of a file, else one; each is one line. */
    static List<String> sentences(Throwable failure) {
        return failure instanceof YamlException mistakes
                ? mistakes.sentences().stream().map(Failures::oneLine).toList()
                : List.of(sentence(failure));
    }

    static String sentence(Throwable failure) {
        if (isOurs(failure)) {
            return oneLine(failure.getMessage());
        }
        if (failure instanceof InvalidPathException path) {
            return "'" + oneLine(path.getInput()) + "' is not a path.";
        }
        Error error = errorIn(failure);
        return error != null ? sentenceOfError(error) : unexpected(failure);
    }

    /** Everything on one line, nothing in it that a terminal obeys, no password of a misplaced URL. */
    static String oneLine(@Nullable String message) {
        return message == null ? "no reason given" : withoutPassword(Printable.line(message.strip()));
    }

    /** A URL that stands where none belongs loses its password. */
    static String withoutPassword(String text) {
        return PASSWORD.matcher(text).replaceAll("$1...@");
    }

    private static boolean isOurs(Throwable failure) {
        return failure instanceof WindhoverException
                || failure instanceof ModelException
                || failure instanceof CompileException
                || failure instanceof DriverException;
    }

    /** The error that a worker's exception carries. */
    private static @Nullable Error errorIn(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Error error) {
                return error;
            }
        }
        return null;
    }

    private static String sentenceOfError(Error error) {
        if (error instanceof ExceptionInInitializerError && error.getCause() != null) {
            return sentence(error.getCause());
        }
        if (error instanceof OutOfMemoryError) {
            return reason(error).contains("thread")
                    ? "The system starts no further thread (" + reason(error)
                            + "); end other programs, or raise the limit with ulimit -u."
                    : "There is not enough memory for this (" + reason(error)
                            + "); give Java more with WINDHOVER_JAVA_OPTIONS=-Xmx4g.";
        }
        if (error instanceof StackOverflowError) {
            return "This is nested too deeply for Java's stack; give it more with WINDHOVER_JAVA_OPTIONS=-Xss64m.";
        }
        if (error instanceof UnsatisfiedLinkError) {
            return "A native library cannot be loaded (" + reason(error)
                    + "); the checkout must lie on a file system that allows programs (not noexec), "
                    + "and be built on a machine of this kind.";
        }
        if (error instanceof LinkageError) {
            return "A part of Windhover cannot be loaded (" + error.getClass().getSimpleName() + ": " + reason(error)
                    + "); run this again, as the checkout may have changed while it ran; if that does not help, remove "
                    + "runtime/target in the checkout first, so that it is built anew.";
        }
        return unexpected(error);
    }

    private static String unexpected(Throwable failure) {
        return "this should not have happened: " + failure.getClass().getSimpleName() + " ("
                + oneLine(failure.getMessage()) + "); run it again with --verbose and report it.";
    }

    /** The first line: JNA's messages go on with every folder that was tried. */
    private static String reason(Error error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        String reason = oneLine(message.lines()
                .limit(2)
                .reduce((first, second) -> first.endsWith(":") ? first + " " + second : first)
                .orElse(""));
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }
}
