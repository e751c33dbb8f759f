// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import com.google.errorprone.annotations.FormatMethod;
import io.windhover.contract.generator.ContractFile.Command;
import io.windhover.contract.generator.ContractFile.Constant;
import io.windhover.contract.generator.ContractFile.Field;
import io.windhover.contract.generator.ContractFile.Register;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The package {@code io.windhover.contract}, a file for each class. */
final class JavaWriter {
    private static final Map<String, String> CLASS_NAMES =
            Map.of(ContractFile.FAULT, "FaultCode", ContractFile.MAP, "MapWord");

    private final StringBuilder text = new StringBuilder();

    private JavaWriter() {}

    /** Class name to source. */
    static Map<String, String> write(ContractFile contract) {
        Map<String, String> classes = new LinkedHashMap<>();
        classes.put("Contract", constants(contract));
        classes.put("Register", registers(contract));
        classes.put("Configuration", configurations(contract));
        classes.put("Queue", enumeration("Queue", "Command queues, in index order", contract.queues()));
        contract.enums()
                .forEach((name, values) -> classes.put(
                        className(name),
                        name.equals(ContractFile.FAULT)
                                ? faults(values.values())
                                : enumeration(className(name), "The ordinal is the code", values.values())));
        contract.types().forEach(t -> classes.put(className(t.name()), type(t)));
        contract.commands().forEach(c -> classes.put(className(c.name()), command(c, contract)));
        classes.put("Commands", commands(contract));
        return classes;
    }

    private static String constants(ContractFile contract) {
        JavaWriter w = begin("", "Constants of the accelerator's contract", "final class Contract");
        w.line("    private Contract() {}\n");
        w.line("    public static final long DIGEST = 0x%sL;", contract.digestHex());
        contract.limits().values().forEach(c -> w.constant(c.name(), String.valueOf(c.value()), c.doc()));
        return w.end();
    }

    private static String registers(ContractFile contract) {
        JavaWriter w = begin(
                "",
                "Byte offsets of the registers; MASK_ are the bits of a writable one that exist, the rest bits with a name",
                "final class Register");
        w.line("    private Register() {}\n");
        for (Register r : contract.registers()) {
            w.constant(r.name(), String.format("0x%03X", r.offset()), r.doc());
        }
        w.line("");
        contract.registers().stream()
                .filter(Register::writable)
                .forEach(r -> w.line("    public static final int MASK_%s = 0x%08X;", r.name(), r.mask()));
        contract.registers()
                .forEach(r -> r.bits()
                        .values()
                        .forEach(b ->
                                w.constant(r.name() + "_" + b.name(), String.format("0x%08X", b.value()), b.doc())));
        return w.end();
    }

    private static String configurations(ContractFile contract) {
        List<String> keys =
                List.copyOf(contract.configurations().values().iterator().next().keySet());
        JavaWriter w =
                begin("import java.util.List;\n\n", "A named configuration of the accelerator", "record Configuration");
        w.text.setLength(w.text.length() - " {\n".length());
        w.line(
                "(\n        String name,\n%s) {",
                keys.stream().map(k -> "        int " + lowerCamel(k)).collect(Collectors.joining(",\n")));
        w.line(
                "    public static final List<Configuration> ALL = List.of(\n%s);",
                contract.configurations().entrySet().stream()
                        .map(e -> "            new Configuration(\"" + e.getKey() + "\", "
                                + keys.stream()
                                        .map(k ->
                                                ContractFile.of(e.getValue(), k).toString())
                                        .collect(Collectors.joining(", "))
                                + ")")
                        .collect(Collectors.joining(",\n")));
        return w.end();
    }

    private static String enumeration(String name, String doc, Collection<Constant> values) {
        JavaWriter w = begin("", doc, "enum " + name);
        w.line(
                "%s",
                values.stream()
                        .map(v -> "    /** " + sentence(v.doc()) + " */\n    " + v.name())
                        .collect(Collectors.joining(",\n")));
        return w.end();
    }

    private static String faults(Collection<Constant> values) {
        String name = className(ContractFile.FAULT);
        JavaWriter w = begin("", "Why the accelerator stops a job; the ordinal is the code", "enum " + name);
        w.line(
                "%s;",
                values.stream()
                        .map(v -> "    " + v.name() + "(\"" + v.doc() + "\")")
                        .collect(Collectors.joining(",\n")));
        w.line("""

                    private final String meaning;

                    %s(String meaning) {
                        this.meaning = meaning;
                    }

                    public String meaning() {
                        return meaning;
                    }""", name);
        return w.end();
    }

    private static String type(ContractFile.Type type) {
        String name = className(type.name());
        JavaWriter w = begin("", type.doc(), "final class " + name);
        w.line("    private %s() {}\n", name);
        type.fields().forEach(w::field);
        return w.end();
    }

    private static String command(Command command, ContractFile contract) {
        String name = className(command.name());
        JavaWriter w = begin("import java.util.List;\n\n", command.doc(), "final class " + name);
        w.line("    private %s() {}\n", name);
        w.constant("OPCODE", String.valueOf(command.opcode()), "What Header.OPCODE says");
        command.maps().forEach((map, word) -> w.constant(upper(map), String.valueOf(word), "Word of type MapWord"));
        command.fields().forEach(w::field);
        w.line("    /** All but the header's, in the order of their bits. */");
        w.line(
                "    public static final List<Field> FIELDS = List.of(\n%s);",
                String.join(",\n", inOrder(command, contract)));
        return w.end();
    }

    /** Expressions for a command's fields, those of its maps among them. */
    private static Collection<String> inOrder(Command command, ContractFile contract) {
        Map<Integer, String> byFirstBit = new TreeMap<>();
        List<Field> ofMap = contract.types().stream()
                .filter(type -> type.name().equals(ContractFile.MAP))
                .findFirst()
                .orElseThrow()
                .fields();
        command.maps()
                .forEach((map, word) -> ofMap.forEach(f -> byFirstBit.put(
                        ContractFile.WORD_BITS * word + f.lsb(),
                        String.format(
                                "            %s.%s.in(\"%s\", %s)",
                                className(ContractFile.MAP), upper(f.name()), map, upper(map)))));
        command.fields().forEach(f -> byFirstBit.put(f.firstBit(), "            " + upper(f.name())));
        return byFirstBit.values();
    }

    private static String commands(ContractFile contract) {
        JavaWriter w = begin("import java.util.List;\n\n", "All commands, by opcode", "final class Commands");
        w.line("    private Commands() {}\n");
        w.line("    /** Name of the command with this opcode, or {@code \"?\"}. */");
        w.line("    public static String nameOf(int opcode) {\n        return switch (opcode) {");
        contract.commands()
                .forEach(c -> w.line("            case %s.OPCODE -> \"%s\";", className(c.name()), c.name()));
        w.line("            default -> \"?\";\n        };\n    }\n");
        w.line("    /** The FIELDS of the command with this opcode; none where it is unknown. */");
        w.line("    public static List<Field> fieldsOf(int opcode) {\n        return switch (opcode) {");
        contract.commands().forEach(c -> w.line("            case %1$s.OPCODE -> %1$s.FIELDS;", className(c.name())));
        w.line("            default -> List.of();\n        };\n    }");
        return w.end();
    }

    private static JavaWriter begin(String imports, String doc, String declaration) {
        JavaWriter w = new JavaWriter();
        w.line("// %s\n// %s\npackage io.windhover.contract;\n", Generate.FIRST_LINE, Generate.LICENSE);
        w.line("%s/** %s */\npublic %s {", imports, sentence(doc), declaration);
        return w;
    }

    private String end() {
        return line("}").text.toString();
    }

    private void field(Field f) {
        line("    /** %s */", sentence(f.doc()));
        line(
                "    public static final Field %s = new Field(\"%s\", %d, %d, %d, %s, %d);",
                upper(f.name()), f.name(), f.word(), f.lsb(), f.width(), f.signed(), f.count());
    }

    private void constant(String name, String value, String doc) {
        line("    /** %s */\n    public static final int %s = %s;", sentence(doc), name, value);
    }

    @FormatMethod
    private JavaWriter line(String format, Object... arguments) {
        text.append(String.format(format, arguments)).append('\n');
        return this;
    }

    private static String className(String name) {
        return CLASS_NAMES.getOrDefault(name, camel(name));
    }

    private static String camel(String name) {
        StringBuilder s = new StringBuilder();
        for (String part : name.toLowerCase(Locale.ROOT).split("_", -1)) {
            s.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
        }
        return s.toString();
    }

    private static String lowerCamel(String name) {
        String camel = camel(name);
        return Character.toLowerCase(camel.charAt(0)) + camel.substring(1);
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }

    private static String sentence(String doc) {
        return Character.toUpperCase(doc.charAt(0)) + doc.substring(1) + ".";
    }
}
