// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The Java constants and the field table of every command. */
final class JavaWriter {
    private JavaWriter() {}

    static String contract(ContractFile contract) {
        StringBuilder s = header("Constants of the accelerator's contract; documented in {@code hdl/doc/contract.md}.");
        s.append("public final class Contract {\n    private Contract() {}\n\n");
        s.append("    public static final long DIGEST = 0x")
                .append(contract.digestHex())
                .append("L;\n");
        contract.limits().values().forEach(c -> constant(s, c.name(), c.value()));
        s.append("\n    /** Command queues, in index order. */\n    public enum Queue {\n        ");
        s.append(
                contract.queues().stream().map(ContractFile.Constant::name).collect(Collectors.joining(",\n        ")));
        s.append("\n    }\n");
        enumeration(s, "Fault", contract.faults());
        contract.enums().forEach((name, values) -> enumeration(s, camel(name), values));
        s.append("\n    /** Byte offsets of the registers. */\n    public static final class Register {\n");
        s.append("        private Register() {}\n\n");
        contract.registers()
                .forEach(r -> s.append("        public static final int ")
                        .append(r.name())
                        .append(" = ")
                        .append(r.offset())
                        .append(";\n"));
        s.append("    }\n");
        s.append("\n    /** Bits of the writable registers that exist. */\n    public static final class Mask {\n");
        s.append("        private Mask() {}\n\n");
        contract.registers().stream()
                .filter(r -> r.access().equals("rw"))
                .forEach(r ->
                        s.append(String.format("        public static final int %s = 0x%08X;%n", r.name(), r.mask())));
        s.append("    }\n");
        configurations(s, contract.configurations());
        return s.append("}\n").toString();
    }

    private static void enumeration(StringBuilder s, String name, Map<String, ContractFile.Constant> values) {
        s.append("\n    /** The ordinal is the code. */\n    public enum ")
                .append(name)
                .append(" {\n");
        int expected = 0;
        for (ContractFile.Constant c : values.values()) {
            if (c.value() != expected++) {
                throw new IllegalArgumentException(name + "." + c.name() + " breaks the order 0, 1, 2, ...");
            }
        }
        s.append(values.values().stream()
                .map(c -> "        " + c.name() + "(\"" + c.doc() + "\")")
                .collect(Collectors.joining(",\n")));
        s.append(";\n\n        private final String meaning;\n\n        ").append(name);
        s.append("(String meaning) {\n            this.meaning = meaning;\n        }\n\n");
        s.append("        public String meaning() {\n            return meaning;\n        }\n    }\n");
    }

    private static void configurations(StringBuilder s, Map<String, Map<String, Object>> configurations) {
        List<String> keys = configurations.values().iterator().next().keySet().stream()
                .filter(k -> !k.equals("doc"))
                .toList();
        s.append(
                "\n    /** A named configuration of the accelerator. */\n    public record Configuration(\n            String name");
        keys.forEach(k -> s.append(",\n            int ").append(lowerCamel(k)));
        s.append(") {}\n\n    public static final java.util.List<Configuration> CONFIGURATIONS = java.util.List.of(\n");
        s.append(configurations.entrySet().stream()
                .map(e -> "            new Configuration(\"" + e.getKey() + "\", "
                        + keys.stream().map(k -> e.getValue().get(k).toString()).collect(Collectors.joining(", "))
                        + ")")
                .collect(Collectors.joining(",\n")));
        s.append(");\n");
    }

    static String fields(ContractFile contract) {
        StringBuilder s = header("Fields of every command: where each lies in the command's eight 64-bit words.");
        s.append("public final class Fields {\n    private Fields() {}\n\n");
        s.append(
                "    /** Bits {@code [lsb, lsb + width)} of word {@code word}; {@code signed} is two's complement. */\n");
        s.append("    public record Field(String name, int word, int lsb, int width, boolean signed) {}\n");
        for (ContractFile.Command c : contract.commands()) {
            s.append("\n    /** ").append(upperFirst(c.doc())).append(". */\n    public static final class ");
            s.append(camel(c.name()))
                    .append(" {\n        private ")
                    .append(camel(c.name()))
                    .append("() {}\n\n");
            s.append("        public static final int CODE = ")
                    .append(c.opcode())
                    .append(";\n");
            for (ContractFile.Field f : c.fields()) {
                s.append("        /** ").append(upperFirst(f.doc())).append(". */\n        public static final Field ");
                s.append(f.name().toUpperCase(Locale.ROOT))
                        .append(" = new Field(\"")
                        .append(f.name())
                        .append("\", ");
                s.append(f.word())
                        .append(", ")
                        .append(f.lsb())
                        .append(", ")
                        .append(f.width())
                        .append(", ");
                s.append(f.signed()).append(");\n");
            }
            s.append("        public static final java.util.List<Field> ALL = java.util.List.of(\n                ");
            s.append(c.fields().stream()
                    .map(f -> f.name().toUpperCase(Locale.ROOT))
                    .collect(Collectors.joining(",\n                ")));
            s.append(");\n    }\n");
        }
        s.append("\n    /** Fields of the command with this opcode, or an empty list when there is none. */\n");
        s.append("    public static java.util.List<Field> of(int opcode) {\n        return switch (opcode) {\n");
        for (ContractFile.Command c : contract.commands()) {
            String name = camel(c.name());
            s.append("            case ")
                    .append(name)
                    .append(".CODE -> ")
                    .append(name)
                    .append(".ALL;\n");
        }
        s.append("            default -> java.util.List.of();\n        };\n    }\n");
        s.append("\n    /** Name of the command with this opcode, or {@code \"?\"}. */\n");
        s.append("    public static String nameOf(int opcode) {\n        return switch (opcode) {\n");
        for (ContractFile.Command c : contract.commands()) {
            s.append("            case ")
                    .append(camel(c.name()))
                    .append(".CODE -> \"")
                    .append(c.name())
                    .append("\";\n");
        }
        return s.append("            default -> \"?\";\n        };\n    }\n}\n").toString();
    }

    private static StringBuilder header(String doc) {
        return new StringBuilder("// Generated from hdl/contract/contract.yaml by `")
                .append(Generate.COMMAND)
                .append("`.\n// SPDX-License-Identifier: Apache-2.0\npackage io.windhover.driver.contract;\n\n/** ")
                .append(doc)
                .append(" */\n");
    }

    private static void constant(StringBuilder s, String name, long value) {
        s.append("    public static final int ")
                .append(name)
                .append(" = ")
                .append(value)
                .append(";\n");
    }

    private static String camel(String name) {
        StringBuilder s = new StringBuilder();
        for (String part : name.toLowerCase(Locale.ROOT).split("_")) {
            s.append(upperFirst(part));
        }
        return s.toString();
    }

    private static String lowerCamel(String name) {
        String camel = camel(name);
        return Character.toLowerCase(camel.charAt(0)) + camel.substring(1);
    }

    private static String upperFirst(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
