// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Commands;
import io.windhover.contract.Contract;
import io.windhover.contract.Field;
import io.windhover.contract.Queue;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * Commands of a program as text, a line each: its position in its job's program, as in faults and traces, the queue
 * that runs it, its kind and layer, the tokens that it waits for and gives, and its fields as the contract calls them.
 * Fields that are 0 are not shown.
 */
public final class ProgramListing {
    /** Commands that are shown of a layer, those beside it among them. */
    public static final int MOST_COMMANDS = 20;

    /** Commands that are shown before a layer's first and behind its last. */
    private static final int BESIDE = 2;

    private ProgramListing() {}

    /** Commands from {@code first} to the one before {@code end}, which are numbered through all jobs. */
    public static List<String> of(CompiledModel program, int first, int end) {
        return lines(program, IntStream.range(first, end).boxed().toList());
    }

    /**
     * The commands that work for a layer, or where it has none for the nearest before it that has some, and two before
     * and behind them. The first line says whose they are and how many are left out. Empty where there are none.
     */
    public static List<String> ofLayer(CompiledModel program, int layer) {
        List<Integer> commands = commandsOf(program, layer);
        if (commands.isEmpty()) {
            return List.of();
        }
        int first = commands.get(0);
        int last = commands.get(commands.size() - 1);
        int shown = Math.min(commands.size(), MOST_COMMANDS - 2 * BESIDE);
        List<Integer> all = new ArrayList<>();
        IntStream.range(Math.max(0, first - BESIDE), first).forEach(all::add);
        all.addAll(commands.subList(0, shown));
        IntStream.range(last + 1, Math.min(program.commandCount(), last + 1 + BESIDE))
                .forEach(all::add);
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%,d commands of %s%s, and those beside them; fields that are 0 are not shown:",
                commands.size(),
                words(program.layers().get(program.layer(first))),
                shown == commands.size()
                        ? ""
                        : String.format(Locale.ROOT, ", of which %,d are left out", commands.size() - shown)));
        lines.addAll(lines(program, all));
        return List.copyOf(lines);
    }

    /**
     * The commands that work for a layer, or where it has none for the nearest before it that has some, in their order;
     * numbered through all jobs.
     */
    public static List<Integer> commandsOf(CompiledModel program, int layer) {
        int nearest = IntStream.range(0, program.commandCount())
                .map(program::layer)
                .filter(of -> of <= layer)
                .max()
                .orElse(-1);
        return IntStream.range(0, program.commandCount())
                .filter(command -> program.layer(command) == nearest)
                .boxed()
                .toList();
    }

    private static List<String> lines(CompiledModel program, List<Integer> commands) {
        List<String> lines = new ArrayList<>();
        int job = -1;
        for (int command : commands) {
            if (program.jobs().size() > 1 && program.job(command) != job) {
                job = program.job(command);
                lines.add("job " + (job + 1) + " of " + program.jobs().size());
            }
            lines.add(line(program, command));
        }
        return List.copyOf(lines);
    }

    private static String line(CompiledModel program, int command) {
        int job = program.job(command);
        int position = command - program.firstCommand(job);
        long[] words = program.jobs().get(job).commands();
        int offset = position * Contract.COMMAND_WORDS;
        List<String> parts = new ArrayList<>();
        parts.add(words(program.layers().get(program.layer(command))));
        add(parts, "waits ", tokens(queue -> Command.waits(words, offset, queue)));
        add(parts, "gives ", tokens(queue -> Command.signals(words, offset, queue)));
        add(parts, "", fields(words, offset));
        return String.format(
                Locale.ROOT,
                "%6d  %-6s  %-16s  %s",
                position,
                name(program.queue(command)),
                Commands.nameOf(Command.opcode(words, offset)),
                String.join("; ", parts));
    }

    private static void add(List<String> parts, String before, List<String> words) {
        if (!words.isEmpty()) {
            parts.add(before + String.join(", ", words));
        }
    }

    private static List<String> tokens(ToIntFunction<Queue> count) {
        List<String> tokens = new ArrayList<>();
        for (Queue queue : Queue.values()) {
            if (count.applyAsInt(queue) > 0) {
                tokens.add(name(queue) + " " + count.applyAsInt(queue));
            }
        }
        return tokens;
    }

    private static List<String> fields(long[] words, int offset) {
        List<String> fields = new ArrayList<>();
        for (Field field : Commands.fieldsOf(Command.opcode(words, offset))) {
            if (field.get(words, offset) != 0) {
                fields.add(field.name() + " " + field.get(words, offset));
            }
        }
        return fields;
    }

    private static String name(Queue queue) {
        return queue.name().toLowerCase(Locale.ROOT);
    }

    private static String words(LayerInfo layer) {
        return "layer " + layer.layer() + " " + layer.operator()
                + (layer.name().isBlank() ? "" : " '" + layer.name() + "'");
    }
}
