// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Commands;
import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import java.util.StringJoiner;

/** Commands in words, for people. */
public final class CommandText {
    private CommandText() {}

    /** The command's name, then every field that is not 0. */
    public static String of(long[] commands, int number) {
        int offset = number * Contract.COMMAND_WORDS;
        int opcode = Command.opcode(commands, offset);
        StringJoiner text = new StringJoiner(" ", Commands.nameOf(opcode) + " ", "");
        for (Field field : Commands.fieldsOf(opcode)) {
            long value = field.get(commands, offset);
            if (value != 0 && !field.name().equals("opcode")) {
                text.add(field.name() + "=" + value);
            }
        }
        return text.toString();
    }
}
