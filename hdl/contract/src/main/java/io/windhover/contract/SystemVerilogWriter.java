// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.Locale;

/** The SystemVerilog package: every name a localparam, every field its first bit and width in the 512-bit command. */
final class SystemVerilogWriter {
    private SystemVerilogWriter() {}

    static String write(ContractFile contract) {
        StringBuilder s = new StringBuilder();
        s.append("// Generated from hdl/contract/contract.yaml by `")
                .append(Generate.COMMAND)
                .append("`.\n// SPDX-License-Identifier: Apache-2.0\n");
        s.append("`default_nettype none\n\npackage wh_contract_pkg;\n");
        s.append("  localparam logic [63:0] CONTRACT_DIGEST = 64'h")
                .append(contract.digestHex())
                .append(";\n");
        s.append("  localparam int unsigned COMMAND_BITS = 512;\n");
        contract.limits().values().forEach(c -> parameter(s, c.name(), c.value()));
        contract.queues().forEach(q -> parameter(s, "QUEUE_" + q.name(), q.value()));
        contract.faults().values().forEach(f -> parameter(s, "FAULT_" + f.name(), f.value()));
        contract.enums()
                .forEach((name, values) ->
                        values.values().forEach(v -> parameter(s, name + "_" + v.name(), v.value())));
        contract.configurations()
                .forEach((name, values) -> values.forEach((key, value) -> {
                    if (value instanceof Number n) {
                        parameter(s, upper(name) + "_" + key, n.longValue());
                    }
                }));
        for (ContractFile.Command command : contract.commands()) {
            s.append('\n');
            parameter(s, "OPCODE_" + command.name(), command.opcode());
            for (ContractFile.Field f : command.fields()) {
                parameter(s, command.name() + "_" + upper(f.name()) + "_LSB", f.bit());
                parameter(s, command.name() + "_" + upper(f.name()) + "_WIDTH", f.width());
            }
        }
        s.append('\n');
        for (ContractFile.Register r : contract.registers()) {
            parameter(s, "REGISTER_" + r.name(), r.offset());
        }
        contract.registers().stream()
                .filter(r -> r.access().equals("rw"))
                .forEach(r ->
                        s.append(String.format("  localparam logic [31:0] MASK_%s = 32'h%08X;%n", r.name(), r.mask())));
        return s.append("endpackage\n\n`default_nettype wire\n").toString();
    }

    private static void parameter(StringBuilder s, String name, long value) {
        s.append("  localparam int unsigned ")
                .append(name)
                .append(" = ")
                .append(value)
                .append(";\n");
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
