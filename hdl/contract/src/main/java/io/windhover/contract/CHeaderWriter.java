// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.Locale;

/** The C and C++ header: constants, and one inline reader per command field. */
final class CHeaderWriter {
    private CHeaderWriter() {}

    static String write(ContractFile contract) {
        StringBuilder s = new StringBuilder();
        s.append("/* Generated from hdl/contract/contract.yaml by `")
                .append(Generate.COMMAND)
                .append("`. */\n/* SPDX-License-Identifier: Apache-2.0 */\n");
        s.append("#ifndef WINDHOVER_CONTRACT_H\n#define WINDHOVER_CONTRACT_H\n\n#include <stdint.h>\n\n");
        s.append("#define WH_CONTRACT_DIGEST UINT64_C(0x")
                .append(contract.digestHex())
                .append(")\n");
        contract.limits().values().forEach(c -> define(s, c.name(), c.value()));
        contract.queues().forEach(q -> define(s, "QUEUE_" + q.name(), q.value()));
        contract.faults().values().forEach(f -> define(s, "FAULT_" + f.name(), f.value()));
        contract.enums()
                .forEach((name, values) -> values.values().forEach(v -> define(s, name + "_" + v.name(), v.value())));
        contract.configurations()
                .forEach((name, values) -> values.forEach((key, value) -> {
                    if (value instanceof Number n) {
                        define(s, upper(name) + "_" + key, n.longValue());
                    }
                }));
        contract.registers().forEach(r -> define(s, "REGISTER_" + r.name(), r.offset()));
        contract.registers().stream().filter(r -> r.access().equals("rw")).forEach(r -> mask(s, r.name(), r.mask()));
        contract.commands().forEach(c -> define(s, "OPCODE_" + c.name(), c.opcode()));
        s.append("\n/* Readers take the command's eight 64-bit words. */\n");
        for (ContractFile.Command command : contract.commands()) {
            for (ContractFile.Field f : command.fields()) {
                reader(s, command, f);
            }
        }
        return s.append("\n#endif\n").toString();
    }

    private static void reader(StringBuilder s, ContractFile.Command command, ContractFile.Field f) {
        s.append("static inline int64_t wh_")
                .append(command.name().toLowerCase(Locale.ROOT))
                .append('_');
        s.append(f.name()).append("(const uint64_t *command) { return ");
        int left = 64 - f.lsb() - f.width();
        int right = 64 - f.width();
        String shifted = "(command[" + f.word() + "] << " + left + ")";
        s.append(f.signed() ? "(int64_t)" + shifted + " >> " + right : "(int64_t)(" + shifted + " >> " + right + ")");
        s.append("; }\n");
    }

    private static void define(StringBuilder s, String name, long value) {
        s.append("#define WH_").append(name).append(' ').append(value).append("\n");
    }

    private static void mask(StringBuilder s, String register, long mask) {
        s.append(String.format("#define WH_MASK_%s UINT32_C(0x%08X)%n", register, mask));
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
