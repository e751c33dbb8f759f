// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The contract as read from {@code contract.yaml}: every field placed, nothing overlapping. */
record ContractFile(
        long digest,
        int version,
        Map<String, Constant> limits,
        List<Constant> queues,
        Map<String, Map<String, Object>> configurations,
        Map<String, Constant> faults,
        Map<String, Map<String, Constant>> enums,
        List<Command> commands,
        List<Register> registers) {

    record Constant(String name, long value, String doc) {}

    /** A field of a command: bits {@code [lsb, lsb + width)} of 64-bit word {@code word}. */
    record Field(String name, int word, int lsb, int width, boolean signed, String doc) {
        int bit() {
            return word * 64 + lsb;
        }
    }

    record Command(String name, int opcode, String doc, List<Field> fields) {}

    /** {@code mask}: the bits of a writable register that exist; the others read 0. */
    record Register(String name, int offset, String access, long mask, int count, String doc) {
        boolean masked() {
            return mask != ALL_BITS;
        }
    }

    private static final long ALL_BITS = 0xFFFFFFFFL;

    private static final int COMMAND_BITS = 512;

    static ContractFile parse(String text) {
        Map<String, Object> root =
                map(new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text));
        Map<String, List<Field>> sets = new LinkedHashMap<>();
        map(root.get("field_sets")).forEach((name, fields) -> sets.put(name, fields(map(fields))));
        List<Command> commands = new ArrayList<>();
        map(root.get("commands")).forEach((name, body) -> commands.add(command(name, map(body), sets)));
        List<Constant> queues = new ArrayList<>();
        for (Object queue : (List<?>) root.get("queues")) {
            queues.add(new Constant((String) map(queue).get("name"), queues.size(), (String)
                    map(queue).get("doc")));
        }
        Map<String, Map<String, Constant>> enums = new LinkedHashMap<>();
        map(root.get("enums")).forEach((name, values) -> enums.put(name, constants(map(values))));
        Map<String, Map<String, Object>> configurations = new LinkedHashMap<>();
        map(root.get("configurations")).forEach((name, body) -> configurations.put(name, map(body)));
        List<Register> registers = new ArrayList<>();
        map(root.get("registers")).forEach((name, body) -> {
            Map<String, Object> r = map(body);
            registers.add(new Register(
                    name,
                    (int) r.get("offset"),
                    (String) r.get("access"),
                    ((Number) r.getOrDefault("mask", ALL_BITS)).longValue(),
                    (int) r.getOrDefault("count", 1),
                    (String) r.get("doc")));
        });
        checkRegisters(registers);
        return new ContractFile(
                digestOf(text),
                (int) root.get("version"),
                constants(map(root.get("limits"))),
                queues,
                configurations,
                constants(map(root.get("faults"))),
                enums,
                commands,
                registers);
    }

    private static Command command(String name, Map<String, Object> body, Map<String, List<Field>> sets) {
        List<Field> fields = new ArrayList<>(sets.get("header"));
        map(body.getOrDefault("maps", Map.of())).forEach((role, word) -> {
            for (Field f : sets.get("map")) {
                String fieldName = role.equals("map") ? "map_" + f.name() : role + "_" + f.name();
                fields.add(new Field(fieldName, (int) word, f.lsb(), f.width(), f.signed(), f.doc()));
            }
        });
        for (Object set : (List<?>) body.getOrDefault("sets", List.of())) {
            fields.addAll(sets.get((String) set));
        }
        fields.addAll(fields(map(body.getOrDefault("fields", Map.of()))));
        checkFields(name, fields);
        return new Command(name, (int) body.get("opcode"), (String) body.get("doc"), List.copyOf(fields));
    }

    private static void checkFields(String command, List<Field> fields) {
        String[] owner = new String[COMMAND_BITS];
        if (fields.stream().map(Field::name).distinct().count() != fields.size()) {
            throw new IllegalArgumentException(command + " has two fields of one name");
        }
        for (Field f : fields) {
            if (f.lsb() + f.width() > 64) {
                throw new IllegalArgumentException(command + "." + f.name() + " crosses a 64-bit word");
            }
            for (int bit = f.bit(); bit < f.bit() + f.width(); bit++) {
                if (owner[bit] != null) {
                    throw new IllegalArgumentException(command + "." + f.name() + " overlaps " + owner[bit]);
                }
                owner[bit] = f.name();
            }
        }
    }

    private static void checkRegisters(List<Register> registers) {
        Map<Integer, String> owner = new TreeMap<>();
        for (Register r : registers) {
            for (int i = 0; i < r.count(); i++) {
                String previous = owner.put(r.offset() + 4 * i, r.name());
                if (previous != null) {
                    throw new IllegalArgumentException("register " + r.name() + " overlaps " + previous);
                }
            }
        }
    }

    private static List<Field> fields(Map<String, Object> body) {
        List<Field> fields = new ArrayList<>();
        body.forEach((name, value) -> {
            List<?> v = (List<?>) value;
            String width = v.get(2).toString();
            boolean signed = width.startsWith("s");
            fields.add(new Field(
                    name,
                    (int) v.get(0),
                    (int) v.get(1),
                    Integer.parseInt(signed ? width.substring(1) : width),
                    signed,
                    v.get(3).toString()));
        });
        return fields;
    }

    private static Map<String, Constant> constants(Map<String, Object> body) {
        Map<String, Constant> constants = new LinkedHashMap<>();
        body.forEach((name, value) -> {
            Map<String, Object> v = map(value);
            constants.put(name, new Constant(name, ((Number) v.get("value")).longValue(), (String) v.get("doc")));
        });
        return constants;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    /** First eight bytes of SHA-256 over the file, line endings as LF. */
    static long digestOf(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(text.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8));
            long digest = 0;
            for (int i = 0; i < 8; i++) {
                digest = digest << 8 | (hash[i] & 0xff);
            }
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is missing from this Java runtime", e);
        }
    }

    String digestHex() {
        return String.format(Locale.ROOT, "%016X", digest);
    }
}
