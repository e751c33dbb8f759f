// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.contract.generator.ContractFile.Field;
import io.windhover.contract.generator.ContractFile.Register;
import java.util.Locale;
import java.util.stream.Collectors;

/** The C and C++ header: constants, and a reader and a writer of every field of types and commands. */
final class CHeaderWriter {
    private final ContractFile contract;
    private final StringBuilder text = new StringBuilder();

    private CHeaderWriter(ContractFile contract) {
        this.contract = contract;
    }

    static String write(ContractFile contract) {
        CHeaderWriter writer = new CHeaderWriter(contract);
        writer.line("/* %s */", Generate.FIRST_LINE);
        writer.line("/* %s */", Generate.LICENSE);
        writer.line("#ifndef WINDHOVER_CONTRACT_H\n#define WINDHOVER_CONTRACT_H\n\n#include <stdint.h>\n");
        writer.constants();
        writer.configurations();
        writer.registers();
        writer.accessors();
        writer.line("\n#endif");
        return writer.text.toString();
    }

    private void constants() {
        line("#define WH_CONTRACT_DIGEST UINT64_C(0x%s)", contract.digestHex());
        contract.limits().values().forEach(c -> define(c.name(), c.value()));
        contract.queues().forEach(q -> define("QUEUE_" + q.name(), q.value()));
        contract.enums()
                .forEach((name, values) -> values.values().forEach(v -> define(name + "_" + v.name(), v.value())));
        contract.commands().forEach(c -> define("OPCODE_" + c.name(), c.opcode()));
        contract.configurations()
                .forEach((name, values) ->
                        values.forEach((key, value) -> define(name.toUpperCase(Locale.ROOT) + "_" + key, value)));
    }

    /** A list for the preprocessor: name and prefix of every configuration. */
    private void configurations() {
        line(
                "#define WH_CONFIGURATIONS(X) %s",
                contract.configurations().keySet().stream()
                        .map(name -> "X(\"" + name + "\", " + name.toUpperCase(Locale.ROOT) + ")")
                        .collect(Collectors.joining(" ")));
    }

    private void registers() {
        line(
                "\n/* Byte offsets of the registers; bits of the writable ones that exist; bits with a name, as masks. */");
        contract.registers().forEach(r -> define("REGISTER_" + r.name(), r.offset()));
        contract.registers().stream()
                .filter(Register::writable)
                .forEach(r -> line("#define WH_MASK_%s UINT32_C(0x%08X)", r.name(), r.mask()));
        contract.registers()
                .forEach(r -> r.bits()
                        .values()
                        .forEach(b -> line("#define WH_%s_%s UINT32_C(0x%08X)", r.name(), b.name(), b.value())));
    }

    private void accessors() {
        line("""

                static inline uint64_t wh_mask(unsigned width) { return UINT64_MAX >> (64 - width); }
                static inline int64_t wh_unsigned_bits(uint64_t word, unsigned lsb, unsigned width) {
                    return (int64_t)(word >> lsb & wh_mask(width));
                }
                static inline int64_t wh_signed_bits(uint64_t word, unsigned lsb, unsigned width) {
                    return (int64_t)(word << (64 - lsb - width)) >> (64 - width);
                }
                static inline void wh_set_bits(uint64_t *word, unsigned lsb, unsigned width, int64_t value) {
                    *word = (*word & ~(wh_mask(width) << lsb)) | ((uint64_t)value & wh_mask(width)) << lsb;
                }

                /* Fields of a word: readers take it, writers change it and keep the value's low bits. */""");
        contract.types().forEach(t -> t.fields().forEach(f -> typeField("wh_" + t.name(), f)));
        line("\n/* Fields of a command of eight words; headers and maps are words of their own. */");
        contract.commands().forEach(c -> {
            String name = "wh_" + c.name().toLowerCase(Locale.ROOT);
            c.maps()
                    .forEach((map, word) -> line(
                            "static inline uint64_t %s_%s(const uint64_t *command) { return command[%d]; }",
                            name, map, word));
            c.fields().forEach(f -> commandField(name, f));
        });
    }

    private void typeField(String prefix, Field f) {
        boolean array = f.count() > 1;
        String index = array ? ", unsigned index" : "";
        String lsb = array ? String.format("%d + %d * index", f.lsb(), f.width()) : String.valueOf(f.lsb());
        line(
                "static inline int64_t %s_%s(uint64_t word%s) { return %s(word, %s, %d); }",
                prefix, f.name(), index, reader(f), lsb, f.width());
        line(
                "static inline void %s_set_%s(uint64_t *word%s, int64_t value) { wh_set_bits(word, %s, %d, value); }",
                prefix, f.name(), index, lsb, f.width());
    }

    private void commandField(String prefix, Field f) {
        line(
                "static inline int64_t %s_%s(const uint64_t *command) { return %s(command[%d], %d, %d); }",
                prefix, f.name(), reader(f), f.word(), f.lsb(), f.width());
        line(
                "static inline void %s_set_%s(uint64_t *command, int64_t value) { wh_set_bits(&command[%d], %d, %d, value); }",
                prefix, f.name(), f.word(), f.lsb(), f.width());
    }

    private static String reader(Field f) {
        return f.signed() ? "wh_signed_bits" : "wh_unsigned_bits";
    }

    private void define(String name, long value) {
        line("#define WH_%s %d", name, value);
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        text.append(String.format(format, arguments)).append('\n');
    }
}
