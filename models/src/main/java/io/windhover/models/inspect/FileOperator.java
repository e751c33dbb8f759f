// SPDX-License-Identifier: Apache-2.0
package io.windhover.models.inspect;

import io.windhover.models.ModelException;
import java.util.regex.Pattern;

/**
 * An operator of a model file, also of a file that cannot be used as a whole.
 *
 * @param operator its kind, as the file names it
 * @param name the file's name of it, or of what it makes; may be empty
 * @param reason why it is not supported, or why that is not known; empty where it is
 */
public record FileOperator(int index, String operator, String name, State state, String reason) {
    private static final Pattern TITLE =
            Pattern.compile("^Operator \\d+ \\(.*?\\)(?: cannot be used)?: ", Pattern.DOTALL);

    /** Whether an operator by itself can be used. */
    public enum State {
        SUPPORTED,
        UNSUPPORTED,
        /** What it reads is made by an operator that cannot be used. */
        UNKNOWN,
        /** No output of the network depends on it, so it is left out. */
        UNUSED
    }

    public static FileOperator supported(int index, String operator, String name) {
        return new FileOperator(index, operator, name, State.SUPPORTED, "");
    }

    /** One that was refused; the sentence's own mention of the operator is left out. */
    public static FileOperator unsupported(int index, String operator, String name, ModelException problem) {
        String reason = TITLE.matcher(problem.getMessage()).replaceFirst("");
        return new FileOperator(index, operator, name, State.UNSUPPORTED, reason);
    }

    /** The same, unsupported where the refusal of the whole file names it. */
    public FileOperator in(ModelException whole) {
        int at = whole.getMessage().indexOf("Operator " + index + " (");
        String reason =
                at < 0 ? "" : TITLE.matcher(whole.getMessage().substring(at)).replaceFirst("");
        return state == State.SUPPORTED && at >= 0
                ? new FileOperator(index, operator, name, State.UNSUPPORTED, reason)
                : this;
    }

    public static FileOperator unknown(int index, String operator, String name, String reason) {
        return new FileOperator(index, operator, name, State.UNKNOWN, reason);
    }

    public static FileOperator unused(int index, String operator, String name) {
        return new FileOperator(index, operator, name, State.UNUSED, "");
    }
}
