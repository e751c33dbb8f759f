// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.contract.generator.ContractFile.Constant;
import io.windhover.contract.generator.ContractFile.Field;
import io.windhover.contract.generator.ContractFile.Register;
import java.util.Collection;
import java.util.List;

/** The reference page for people: registers, commands with their bits, codes, limits, configurations. */
final class ReferencePageWriter {
    private final StringBuilder text = new StringBuilder();

    private ReferencePageWriter() {}

    static String write(ContractFile contract) {
        ReferencePageWriter w = new ReferencePageWriter();
        w.line("<!-- %s -->\n# The accelerator's contract\n", Generate.FIRST_LINE);
        w.line(
                "Version %d, digest `%s`. How it works: [accelerator.md](accelerator.md).",
                contract.version(), contract.digestHex());
        w.registers(contract.registers());
        w.table("Queues", contract.queues());
        contract.types().forEach(t -> {
            w.line("\n## Type %s\n\n%s.\n\n| bits | field | meaning |\n|---|---|---|", t.name(), t.doc());
            t.fields().forEach(f -> w.line("| %s | %s | %s |", bits(f), name(f), f.doc()));
        });
        contract.commands().forEach(c -> {
            w.line("\n## %s (opcode %d)\n\n%s.", c.name(), c.opcode(), c.doc());
            w.line("\n| word | bits | field | meaning |\n|---|---|---|---|\n| 0 | 63:0 | header | of type header |");
            c.maps().forEach((map, word) -> w.line("| %d | 63:0 | %s | of type map |", word, map));
            c.fields().forEach(f -> w.line("| %d | %s | %s | %s |", f.word(), bits(f), name(f), f.doc()));
        });
        contract.enums().forEach((name, values) -> w.table(name, values.values()));
        w.table("Limits", contract.limits().values());
        w.line("\n## Configurations");
        contract.configurations().forEach((name, values) -> {
            w.line("\n### %s\n", name);
            values.forEach((key, value) -> w.line("- %s: %d", key, value));
        });
        return w.text.toString();
    }

    private void registers(List<Register> registers) {
        line("\n## Registers (AXI4-Lite, 32 bits)\n\n| offset | name | access | meaning |\n|---|---|---|---|");
        for (Register r : registers) {
            line(
                    "| 0x%03X%s | %s | %s | %s%s |",
                    r.offset(),
                    r.count() > 1 ? " x " + r.count() : "",
                    r.name(),
                    r.access(),
                    r.doc(),
                    r.masked() ? String.format("; keeps bits 0x%08X", r.mask()) : "");
            r.bits()
                    .values()
                    .forEach(b -> line(
                            "| | %s.%s | | bit %d: %s |",
                            r.name(), b.name(), Long.numberOfTrailingZeros(b.value()), b.doc()));
        }
    }

    private static String bits(Field f) {
        return f.lsb() + f.bits() - 1 + ":" + f.lsb();
    }

    private static String name(Field f) {
        return f.name()
                + (f.signed() ? " (signed)" : "")
                + (f.count() > 1 ? " (" + f.count() + " x " + f.width() + " bits)" : "");
    }

    private void table(String title, Collection<Constant> values) {
        line("\n## %s\n\n| value | name | meaning |\n|---|---|---|", title);
        values.forEach(c -> line("| %d | %s | %s |", c.value(), c.name(), c.doc()));
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        text.append(String.format(format, arguments)).append('\n');
    }
}
