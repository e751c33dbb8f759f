// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve.yaml;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What a key has: read it as one kind of thing; a {@link YamlException} says why it is none. */
public final class Value {
    private static final int LONGEST_SHOWN = 60;
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,12}(?:\\.[0-9]{1,6})?) *([A-Za-z]+)");
    /** In milliseconds, the largest first. */
    private static final List<Unit> TIMES = List.of(
            new Unit("d", 86_400_000),
            new Unit("h", 3_600_000),
            new Unit("min", 60_000),
            new Unit("s", 1_000),
            new Unit("ms", 1));

    private static final List<Unit> SIZES = List.of(
            new Unit("GiB", 1 << 30),
            new Unit("MiB", 1 << 20),
            new Unit("KiB", 1 << 10),
            new Unit("MB", 1_000_000),
            new Unit("kB", 1_000),
            new Unit("B", 1));

    private record Unit(String name, long factor) {
        static String shown(List<Unit> units, long amount) {
            return units.stream()
                    .filter(unit -> amount % unit.factor == 0)
                    .findFirst()
                    .map(unit -> amount / unit.factor + unit.name)
                    .orElseThrow();
        }
    }

    private final String file;
    private final String path;
    private final Node node;
    private final Substitution substitution;

    Value(String file, String path, Node node, Substitution substitution) {
        this.file = file;
        this.path = path;
        this.node = node;
        this.substitution = substitution;
    }

    static Value top(Node node, String file, Substitution substitution) {
        return new Value(file, "", node, substitution);
    }

    /** Where it stands, such as {@code streams.garden.source}. */
    public String path() {
        return path;
    }

    /**
     * The value is none of what it may be.
     *
     * @param right what would be right, beginning with a verb: "give a number"
     */
    public YamlException wrong(String right) {
        return problem("is " + shown(), right);
    }

    /**
     * The value cannot be used for another reason.
     *
     * @param clause what is wrong, without repeating the value: "names no model of this configuration"
     */
    public YamlException problem(String clause, String right) {
        return new YamlException(
                place(file, node) + (path.isEmpty() ? "the top" : path) + " " + clause + "; " + right + ".");
    }

    static String place(String file, Node node) {
        String line = node.getStartMark()
                .map(mark -> ", line " + (mark.getLine() + 1))
                .orElse("");
        return file + line + ": ";
    }

    /** As it stands in the file, so that no secret is shown. */
    private String shown() {
        if (node instanceof MappingNode) {
            return "a mapping";
        }
        if (!(node instanceof ScalarNode scalar)) {
            return "a list";
        }
        if (node.getTag().equals(Tag.NULL)) {
            return "empty";
        }
        String text = scalar.getValue().replaceAll("\\p{Cntrl}", "?");
        return "'" + (text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text) + "'";
    }

    /** Whether it says what an environment variable or a file holds, which no message shows. */
    public boolean isSubstituted() {
        return node instanceof ScalarNode scalar && scalar.getValue().contains("${");
    }

    private String scalar(String right) {
        if (!(node instanceof ScalarNode scalar) || node.getTag().equals(Tag.NULL)) {
            throw wrong(right);
        }
        try {
            return substitution.apply(scalar.getValue());
        } catch (Substitution.UnresolvedException unresolved) {
            throw problem("cannot be resolved: " + unresolved.getMessage(), "mend that, or give another value");
        }
    }

    /** Text of at least one character. */
    public String text() {
        String text = scalar("give text");
        if (text.isEmpty()) {
            throw problem("has no text", "give some, or leave the key out");
        }
        return text;
    }

    /** Text that one of our own records checks; its message says what is wrong and what to do. */
    public <T> T parsed(Function<String, T> parser) {
        try {
            return parser.apply(text());
        } catch (YamlException mistake) {
            throw mistake;
        } catch (RuntimeException mistake) {
            throw new YamlException(place(file, node) + path + ": " + mistake.getMessage());
        }
    }

    public boolean bool() {
        return switch (scalar("give true or false")) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default -> throw wrong("give true or false");
        };
    }

    public int integer(int least, int most) {
        String right = "give a whole number from " + least + " to " + most;
        String text = scalar(right);
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw wrong(right);
    }

    public double real(double least, double most) {
        String right = String.format(Locale.ROOT, "give a number from %s to %s", plain(least), plain(most));
        String text = scalar(right);
        try {
            double number = Double.parseDouble(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw wrong(right);
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }

    /** Such as {@code 250ms}, {@code 1.5 s} or {@code 7d}. */
    public Duration duration(Duration least, Duration most) {
        String right = "give a time from " + Unit.shown(TIMES, least.toMillis()) + " to "
                + Unit.shown(TIMES, most.toMillis()) + ", in ms, s, min, h or d";
        double millis = amount(TIMES, right);
        if (millis < least.toMillis() || millis > most.toMillis()) {
            throw wrong(right);
        }
        return Duration.ofMillis(Math.round(millis));
    }

    /** Such as {@code 64MiB} or {@code 500 kB}. */
    public long bytes(long least, long most) {
        String right = "give a size from " + Unit.shown(SIZES, least) + " to " + Unit.shown(SIZES, most)
                + ", in B, kB, KiB, MB, MiB or GiB";
        double bytes = amount(SIZES, right);
        if (bytes < least || bytes > most) {
            throw wrong(right);
        }
        return Math.round(bytes);
    }

    private double amount(List<Unit> units, String right) {
        Matcher parts = AMOUNT.matcher(scalar(right));
        if (!parts.matches()) {
            throw wrong(right);
        }
        return units.stream()
                .filter(unit -> unit.name().equals(parts.group(2)))
                .findFirst()
                .map(unit -> Double.parseDouble(parts.group(1)) * unit.factor())
                .orElseThrow(() -> wrong(right));
    }

    /** One of an enum's constants, by its name in small letters. */
    public <E extends Enum<E>> E choice(Class<E> type) {
        String names = Arrays.stream(type.getEnumConstants()).map(Value::name).collect(Collectors.joining(", "));
        String text = scalar("give one of " + names);
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> name(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong("give one of " + names));
    }

    /** As a configuration writes it. */
    public static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is a mapping. */
    public boolean isSection() {
        return node instanceof MappingNode;
    }

    public Section section() {
        if (!(node instanceof MappingNode mapping)) {
            throw wrong("give keys with values");
        }
        return new Section(file, path, mapping, substitution);
    }

    /** The items of a list; a single value is a list of one. */
    public List<Value> items() {
        if (!(node instanceof SequenceNode sequence)) {
            return List.of(this);
        }
        List<Value> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            items.add(new Value(file, path + "[" + items.size() + "]", item, substitution));
        }
        return items;
    }
}
