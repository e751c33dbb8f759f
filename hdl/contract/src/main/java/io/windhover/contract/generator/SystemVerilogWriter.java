// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.contract.generator.ContractFile.Constant;
import io.windhover.contract.generator.ContractFile.Field;
import io.windhover.contract.generator.ContractFile.Register;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The SystemVerilog package: constants, enumerations, a packed struct of each command, type and register with named
 * bits, and functions that read a type's fields from a plain word, where yosys takes no struct.
 */
final class SystemVerilogWriter {
    private static final int REGISTER_BITS = 32;

    private final ContractFile contract;
    private final StringBuilder text = new StringBuilder();

    private SystemVerilogWriter(ContractFile contract) {
        this.contract = contract;
    }

    static String write(ContractFile contract) {
        SystemVerilogWriter writer = new SystemVerilogWriter(contract);
        writer.line("// %s", Generate.FIRST_LINE);
        writer.line("// %s", Generate.LICENSE);
        writer.line("`default_nettype none\n\npackage wh_contract_pkg;");
        writer.constants();
        writer.structs();
        writer.registers();
        writer.line("endpackage\n\n`default_nettype wire");
        return writer.text.toString();
    }

    private void constants() {
        line("  localparam logic [63:0] CONTRACT_DIGEST = 64'h%s;", contract.digestHex());
        contract.limits().values().forEach(c -> parameter(c.name(), c.value()));
        contract.queues().forEach(q -> parameter("QUEUE_" + q.name(), q.value()));
        contract.configurations()
                .forEach((name, values) -> values.forEach((key, value) -> parameter(upper(name) + "_" + key, value)));
        contract.enums().forEach((name, values) -> enumeration(name, values.values()));
        enumeration(
                "OPCODE",
                contract.commands().stream()
                        .map(c -> new Constant(c.name(), c.opcode(), c.doc()))
                        .toList());
    }

    private void enumeration(String name, Collection<Constant> values) {
        int width = widthOf(name, values);
        parameter(name + "_WIDTH", width);
        line("  typedef enum logic [%d:0] {", width - 1);
        line(
                "%s",
                values.stream()
                        .map(v -> String.format("    %s_%s = %d'd%d", name, v.name(), width, v.value()))
                        .collect(Collectors.joining(",\n")));
        line("  } %s_e;", name.toLowerCase(Locale.ROOT));
    }

    /** As wide as the field of that name, where there is one; else as wide as its greatest value. */
    private int widthOf(String name, Collection<Constant> values) {
        String field = name.substring(name.lastIndexOf('_') + 1).toLowerCase(Locale.ROOT);
        List<Field> all = new ArrayList<>();
        contract.types().forEach(t -> all.addAll(t.fields()));
        contract.commands().forEach(c -> all.addAll(c.fields()));
        return all.stream()
                .filter(f -> f.name().equals(field))
                .mapToInt(Field::width)
                .findFirst()
                .orElse(Long.SIZE - Long.numberOfLeadingZeros(values.size() - 1));
    }

    private void structs() {
        line("");
        parameter("WORD_BITS", ContractFile.WORD_BITS);
        parameter("COMMAND_BITS", (long) ContractFile.COMMAND_WORDS * ContractFile.WORD_BITS);
        contract.types().forEach(t -> {
            line("\n  // %s", t.doc());
            struct(t.name() + "_t", t.fields().stream().map(Member::of).toList(), ContractFile.WORD_BITS);
            t.fields().forEach(f -> {
                parameter(upper(t.name() + "_" + f.name()) + "_WIDTH", f.width());
                line(
                        "  function automatic %s %s_%s(input logic [%d:0] word);",
                        Member.of(f).type(), t.name(), f.name(), ContractFile.WORD_BITS - 1);
                line("    %s_%s = word[%d +: %d];", t.name(), f.name(), f.lsb(), f.bits());
                line("  endfunction");
            });
        });
        contract.commands().forEach(c -> {
            List<Member> members = new ArrayList<>();
            members.add(new Member("header_t", "header", 0, ContractFile.WORD_BITS));
            c.maps()
                    .forEach((name, word) -> members.add(
                            new Member("map_t", name, word * ContractFile.WORD_BITS, ContractFile.WORD_BITS)));
            c.fields().forEach(f -> members.add(Member.of(f)));
            line("\n  // %s", c.doc());
            struct(
                    c.name().toLowerCase(Locale.ROOT) + "_t",
                    members,
                    ContractFile.COMMAND_WORDS * ContractFile.WORD_BITS);
        });
    }

    private void registers() {
        line("");
        for (Register r : contract.registers()) {
            parameter("REGISTER_" + r.name(), r.offset());
        }
        contract.registers().stream()
                .filter(Register::writable)
                .forEach(r -> line("  localparam logic [31:0] MASK_%s = 32'h%08X;", r.name(), r.mask()));
        contract.registers().stream().filter(r -> !r.bits().isEmpty()).forEach(r -> {
            line("\n  // Register %s: %s", r.name(), r.doc());
            struct(
                    r.name().toLowerCase(Locale.ROOT) + "_register_t",
                    r.bits().values().stream()
                            .map(b -> new Member(
                                    "logic",
                                    b.name().toLowerCase(Locale.ROOT),
                                    Long.numberOfTrailingZeros(b.value()),
                                    1))
                            .toList(),
                    REGISTER_BITS);
        });
    }

    /** A member of a packed struct, from its least significant bit. */
    private record Member(String type, String name, int lsb, int bits) {
        static Member of(Field f) {
            String type = f.signed() ? "logic signed" : "logic";
            return new Member(
                    f.bits() == 1 ? type : type + " [" + (f.bits() - 1) + ":0]", f.name(), f.firstBit(), f.bits());
        }
    }

    /** The first member of a packed struct is its most significant one. Bits without a name are unassigned. */
    private void struct(String name, List<Member> members, int bits) {
        List<Member> ordered = new ArrayList<>(members);
        ordered.sort(Comparator.comparingInt(Member::lsb));
        List<String> lines = new ArrayList<>();
        int next = 0;
        for (Member member : ordered) {
            unassigned(lines, next, member.lsb());
            lines.add(0, String.format("    %s %s;", member.type(), member.name()));
            next = member.lsb() + member.bits();
        }
        unassigned(lines, next, bits);
        line("  typedef struct packed {");
        lines.forEach(l -> line("%s", l));
        line("  } %s;", name);
    }

    private static void unassigned(List<String> lines, int from, int to) {
        if (from < to) {
            lines.add(0, String.format("    logic [%d:0] unassigned_%d;", to - from - 1, from));
        }
    }

    private void parameter(String name, long value) {
        line("  localparam int unsigned %s = %d;", name, value);
    }

    @FormatMethod
    private void line(String format, Object... arguments) {
        text.append(String.format(format, arguments)).append('\n');
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
