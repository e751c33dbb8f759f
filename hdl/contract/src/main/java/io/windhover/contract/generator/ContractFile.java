// SPDX-License-Identifier: Apache-2.0
package io.windhover.contract.generator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The contract as read from {@code contract.yaml}: every field placed, nothing overlapping. */
record ContractFile(
        long digest,
        int version,
        Map<String, Constant> limits,
        List<Constant> queues,
        Map<String, Map<String, Long>> configurations,
        Map<String, Map<String, Constant>> enums,
        List<Type> types,
        List<Command> commands,
        List<Register> registers) {

    static final int WORD_BITS = 64;
    static final int COMMAND_WORDS = 8;
    /** The enumeration of fault codes: the only one whose meanings are shown to users. */
    static final String FAULT = "FAULT";

    /** The type of a word that says where activations lie. */
    static final String MAP = "map";

    record Constant(String name, long value, String doc) {}

    /**
     * Bits {@code [lsb, lsb + width)} of 64-bit word {@code word}; an array has {@code count} of them, one after the
     * other.
     */
    record Field(String name, int word, int lsb, int width, boolean signed, int count, String doc) {
        int bits() {
            return width * count;
        }

        int firstBit() {
            return word * WORD_BITS + lsb;
        }
    }

    /** A 64-bit word that is the same wherever it stands. */
    record Type(String name, String doc, List<Field> fields) {}

    /** {@code maps}: name of each word of type map to its number. */
    record Command(String name, int opcode, String doc, Map<String, Integer> maps, List<Field> fields) {}

    /** {@code mask}: the bits of a writable register that exist; the others read 0. {@code bits}: those with a name. */
    record Register(
            String name, int offset, String access, long mask, int count, String doc, Map<String, Constant> bits) {
        boolean writable() {
            return access.equals("rw");
        }

        boolean masked() {
            return mask != ALL_BITS;
        }
    }

    private static final long ALL_BITS = 0xFFFFFFFFL;

    static ContractFile parse(String text) {
        Map<String, Object> root =
                map(new Load(LoadSettings.builder().setSchema(new CoreSchema()).build()).loadFromString(text));
        Map<String, Constant> limits = constants(map(of(root, "limits")));
        List<Type> types = new ArrayList<>();
        map(of(root, "types")).forEach((name, body) -> types.add(type(name, map(body), limits)));
        Map<String, List<Field>> sets = new LinkedHashMap<>();
        map(of(root, "field_sets")).forEach((name, fields) -> sets.put(name, fields(map(fields))));
        List<Command> commands = new ArrayList<>();
        map(of(root, "commands")).forEach((name, body) -> commands.add(command(name, map(body), sets)));
        Map<String, Map<String, Constant>> enums = new LinkedHashMap<>();
        enums.put(FAULT, constants(map(of(root, "faults"))));
        map(of(root, "enums")).forEach((name, values) -> enums.put(name, constants(map(values))));
        enums.forEach(ContractFile::checkEnum);
        Map<String, Map<String, Long>> configurations = new LinkedHashMap<>();
        map(of(root, "configurations")).forEach((name, body) -> configurations.put(name, numbers(map(body))));
        List<Register> registers = new ArrayList<>();
        map(of(root, "registers")).forEach((name, body) -> registers.add(register(name, map(body))));
        checkRegisters(registers);
        return new ContractFile(
                digestOf(text),
                (int) of(root, "version"),
                limits,
                queues((List<?>) of(root, "queues")),
                configurations,
                enums,
                types,
                commands,
                registers);
    }

    private static List<Constant> queues(List<?> body) {
        List<Constant> queues = new ArrayList<>();
        for (Object queue : body) {
            queues.add(new Constant((String) of(map(queue), "name"), queues.size(), (String) of(map(queue), "doc")));
        }
        return queues;
    }

    private static Type type(String name, Map<String, Object> body, Map<String, Constant> limits) {
        List<Field> fields = new ArrayList<>();
        map(of(body, "fields")).forEach((field, value) -> {
            List<?> v = (List<?>) value;
            int count = v.size() > 3 ? (int) of(limits, (String) v.get(3)).value() : 1;
            fields.add(new Field(field, 0, (int) v.get(0), (int) v.get(1), false, count, (String) v.get(2)));
        });
        checkFields(name, fields);
        return new Type(name, (String) of(body, "doc"), List.copyOf(fields));
    }

    private static Command command(String name, Map<String, Object> body, Map<String, List<Field>> sets) {
        List<Field> words = new ArrayList<>();
        words.add(wholeWord("header", 0));
        Map<String, Integer> maps = new LinkedHashMap<>();
        map(body.getOrDefault("maps", Map.of())).forEach((map, word) -> {
            maps.put(map, (int) word);
            words.add(wholeWord(map, (int) word));
        });
        List<Field> fields = new ArrayList<>();
        for (Object set : (List<?>) body.getOrDefault("sets", List.of())) {
            fields.addAll(of(sets, (String) set));
        }
        fields.addAll(fields(map(body.getOrDefault("fields", Map.of()))));
        words.addAll(fields);
        checkFields(name, words);
        return new Command(name, (int) of(body, "opcode"), (String) of(body, "doc"), maps, List.copyOf(fields));
    }

    private static Field wholeWord(String name, int word) {
        return new Field(name, word, 0, WORD_BITS, false, 1, "");
    }

    private static Register register(String name, Map<String, Object> body) {
        Map<String, Constant> bits = new LinkedHashMap<>();
        map(body.getOrDefault("bits", Map.of())).forEach((bit, value) -> {
            List<?> v = (List<?>) value;
            bits.put(bit, new Constant(bit, 1L << (int) v.get(0), (String) v.get(1)));
        });
        return new Register(
                name,
                (int) of(body, "offset"),
                (String) of(body, "access"),
                ((Number) body.getOrDefault("mask", ALL_BITS)).longValue(),
                (int) body.getOrDefault("count", 1),
                (String) of(body, "doc"),
                bits);
    }

    private static void checkFields(String owner, List<Field> fields) {
        String[] owners = new String[COMMAND_WORDS * WORD_BITS];
        if (fields.stream().map(Field::name).distinct().count() != fields.size()) {
            throw new IllegalArgumentException(owner + " has two fields of one name");
        }
        for (Field f : fields) {
            if (f.lsb() + f.bits() > WORD_BITS) {
                throw new IllegalArgumentException(owner + "." + f.name() + " crosses a 64-bit word");
            }
            for (int bit = f.firstBit(); bit < f.firstBit() + f.bits(); bit++) {
                if (owners[bit] != null) {
                    throw new IllegalArgumentException(owner + "." + f.name() + " overlaps " + owners[bit]);
                }
                owners[bit] = f.name();
            }
        }
    }

    private static void checkEnum(String name, Map<String, Constant> values) {
        int expected = 0;
        for (Constant c : values.values()) {
            if (c.value() != expected++) {
                throw new IllegalArgumentException(name + "." + c.name() + " breaks the order 0, 1, 2, ...");
            }
        }
    }

    private static void checkRegisters(List<Register> registers) {
        Map<Integer, String> owner = new LinkedHashMap<>();
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
            int bits = Integer.parseInt(signed ? width.substring(1) : width);
            fields.add(new Field(
                    name,
                    (int) v.get(0),
                    (int) v.get(1),
                    bits,
                    signed,
                    1,
                    v.get(3).toString()));
        });
        return fields;
    }

    private static Map<String, Constant> constants(Map<String, Object> body) {
        Map<String, Constant> constants = new LinkedHashMap<>();
        body.forEach((name, value) -> {
            Map<String, Object> v = map(value);
            constants.put(name, new Constant(name, ((Number) of(v, "value")).longValue(), (String) of(v, "doc")));
        });
        return constants;
    }

    private static Map<String, Long> numbers(Map<String, Object> body) {
        Map<String, Long> numbers = new LinkedHashMap<>();
        body.forEach((name, value) -> {
            if (value instanceof Number number) {
                numbers.put(name, number.longValue());
            }
        });
        return numbers;
    }

    /** What must be there. */
    static <V> V of(Map<String, V> body, String key) {
        V value = body.get(key);
        if (value == null) {
            throw new IllegalArgumentException("there is no '" + key + "' beside " + body.keySet());
        }
        return value;
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
