// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.Map;

/** The reference page for people: registers, commands with their bits, codes, limits, configurations. */
final class ReferencePageWriter {
    private ReferencePageWriter() {}

    static String write(ContractFile contract) {
        StringBuilder s = new StringBuilder();
        s.append("<!-- Generated from hdl/contract/contract.yaml by `")
                .append(Generate.COMMAND)
                .append("`. -->\n");
        s.append("# The accelerator's contract\n\nVersion ")
                .append(contract.version())
                .append(", digest `");
        s.append(contract.digestHex()).append("`. How it works: [accelerator.md](accelerator.md).\n");
        s.append("\n## Registers (AXI4-Lite, 32 bits)\n\n| offset | name | access | meaning |\n|---|---|---|---|\n");
        for (ContractFile.Register r : contract.registers()) {
            s.append(String.format(
                    "| 0x%03X%s | %s | %s | %s |%n",
                    r.offset(),
                    r.count() > 1 ? " x " + r.count() : "",
                    r.name(),
                    r.access(),
                    r.masked() ? String.format("%s; bits 0x%08X exist", r.doc(), r.mask()) : r.doc()));
        }
        s.append("\n## Queues\n\n");
        contract.queues()
                .forEach(q -> s.append("- ")
                        .append(q.value())
                        .append(" `")
                        .append(q.name())
                        .append("`: ")
                        .append(q.doc())
                        .append('\n'));
        for (ContractFile.Command c : contract.commands()) {
            s.append("\n## ")
                    .append(c.name())
                    .append(" (opcode ")
                    .append(c.opcode())
                    .append(")\n\n");
            s.append(c.doc()).append(".\n\n| word | bits | field | meaning |\n|---|---|---|---|\n");
            for (ContractFile.Field f : c.fields()) {
                s.append(String.format(
                        "| %d | %d:%d | %s%s | %s |%n",
                        f.word(), f.lsb() + f.width() - 1, f.lsb(), f.name(), f.signed() ? " (signed)" : "", f.doc()));
            }
        }
        contract.enums().forEach((name, values) -> table(s, name, values));
        table(s, "Faults", contract.faults());
        table(s, "Limits", contract.limits());
        s.append("\n## Configurations\n");
        contract.configurations().forEach((name, values) -> {
            s.append("\n### ").append(name).append("\n\n");
            values.forEach(
                    (k, v) -> s.append("- ").append(k).append(": ").append(v).append('\n'));
        });
        return s.toString();
    }

    private static void table(StringBuilder s, String title, Map<String, ContractFile.Constant> values) {
        s.append("\n## ").append(title).append("\n\n| value | name | meaning |\n|---|---|---|\n");
        values.values()
                .forEach(c -> s.append("| ")
                        .append(c.value())
                        .append(" | ")
                        .append(c.name())
                        .append(" | ")
                        .append(c.doc())
                        .append(" |\n"));
    }
}
