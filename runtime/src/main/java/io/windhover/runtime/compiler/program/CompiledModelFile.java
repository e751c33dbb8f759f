// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.compiler.program;

import io.windhover.contract.Contract;
import io.windhover.models.graph.TensorType;
import io.windhover.models.whm.WhmFile;
import io.windhover.models.whm.WhmWriter;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Compiled models as sections of a container: {@code PROGRAM} (version, description, commands) and {@code CONSTS} (the
 * constants as they are). Integers are little-endian; strings are UTF-8 behind their length, lists behind their count.
 */
public final class CompiledModelFile {
    public static final String PROGRAM = "PROGRAM";
    public static final String CONSTANTS = "CONSTS";
    private static final int VERSION = 4;
    /** Far more than a network whose parts take turns has. */
    private static final int MOST_JOBS = 1024;

    private static final int LARGEST_STRING = 1 << 16;

    private CompiledModelFile() {}

    /** Adds a compiled model to a container. */
    public static void write(CompiledModel model, WhmWriter target) {
        target.section(PROGRAM, program(model)).section(CONSTANTS, model.constants());
    }

    /** True when the container holds a compiled model, or a part of one. */
    public static boolean isIn(WhmFile file) {
        return file.has(PROGRAM) || file.has(CONSTANTS);
    }

    /** The compiled model of a container; a {@link CompileException} when it is damaged or made for another version. */
    public static CompiledModel read(WhmFile file) {
        ByteBuffer constants = file.section(CONSTANTS);
        byte[] bytes = new byte[constants.remaining()];
        constants.get(bytes);
        return read(file.section(PROGRAM), bytes);
    }

    static byte[] program(CompiledModel model) {
        LittleEndianWriter out = new LittleEndianWriter();
        out.integer(VERSION)
                .number(model.contractDigest())
                .integer(model.configuration())
                .string(model.name());
        out.number(model.estimatedCycles());
        out.integer(model.layers().size());
        for (LayerInfo layer : model.layers()) {
            out.integer(layer.layer())
                    .string(layer.name())
                    .string(layer.operator())
                    .string(layer.placement());
            out.number(layer.macs())
                    .number(layer.readBytes())
                    .number(layer.writtenBytes())
                    .number(layer.floorCycles());
        }
        out.integer(model.jobs().size());
        integers(out, model.head());
        for (int job = 0; job < model.jobs().size(); job++) {
            job(out, model.jobs().get(job));
            integers(out, model.host().get(job + 1));
        }
        return out.toBytes();
    }

    private static void job(LittleEndianWriter out, JobProgram job) {
        out.number(job.scratchBytes()).integer(job.constants().length);
        out.integer(job.inputs().size());
        for (InputLocation input : job.inputs()) {
            out.integer(input.tensor())
                    .integer(input.region())
                    .number(input.offset())
                    .integer(input.tensorBytes())
                    .integer(input.regionBytes());
        }
        locations(out, job.outputs());
        locations(out, job.dumped());
        out.integer(job.commandCount());
        for (long word : job.commands()) {
            out.number(word);
        }
    }

    private static void locations(LittleEndianWriter out, List<TensorLocation> locations) {
        out.integer(locations.size());
        for (TensorLocation location : locations) {
            out.integer(location.tensor()).integer(location.region()).number(location.offset());
            out.integer(location.height())
                    .integer(location.width())
                    .integer(location.channels())
                    .integer(location.blocks())
                    .integer(location.type().ordinal());
        }
    }

    private static void integers(LittleEndianWriter out, List<Integer> values) {
        out.integer(values.size());
        values.forEach(out::integer);
    }

    static CompiledModel read(ByteBuffer program, byte[] constants) {
        ByteBuffer in = program.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        try {
            return read(in, constants, in.getInt());
        } catch (BufferUnderflowException problem) {
            throw damaged("it ends too early");
        }
    }

    private static CompiledModel read(ByteBuffer in, byte[] constants, int version) {
        if (version != VERSION) {
            throw new CompileException("The compiled program has format version " + version + " instead of " + VERSION
                    + "; compile the model again.");
        }
        long digest = in.getLong();
        if (digest != Contract.DIGEST) {
            throw new CompileException(String.format(
                    "The program was compiled for contract %016X, but this runtime speaks %016X; compile the model again.",
                    digest, Contract.DIGEST));
        }
        int configuration = in.getInt();
        String name = string(in);
        long estimatedCycles = in.getLong();
        if (estimatedCycles < 0) {
            throw damaged("it is estimated at a negative number of cycles");
        }
        List<LayerInfo> layers = new ArrayList<>();
        for (int left = count(in, 48); left > 0; left--) {
            layers.add(new LayerInfo(
                    in.getInt(),
                    string(in),
                    string(in),
                    string(in),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong()));
        }
        int jobCount = in.getInt();
        if (jobCount < 1 || jobCount > MOST_JOBS) {
            throw damaged("it has " + jobCount + " jobs");
        }
        List<List<Integer>> host = new ArrayList<>();
        List<JobProgram> jobs = new ArrayList<>();
        ByteBuffer constantsLeft = ByteBuffer.wrap(constants);
        host.add(integers(in));
        for (int job = 0; job < jobCount; job++) {
            jobs.add(job(in, constantsLeft));
            host.add(integers(in));
        }
        if (in.hasRemaining() || constantsLeft.hasRemaining()) {
            throw damaged("bytes follow its last job");
        }
        return new CompiledModel(name, configuration, digest, jobs, layers, host, estimatedCycles);
    }

    private static JobProgram job(ByteBuffer in, ByteBuffer constantsLeft) {
        long scratchBytes = in.getLong();
        int constantBytes = in.getInt();
        if (constantBytes < 0 || constantBytes > constantsLeft.remaining()) {
            throw damaged("a job has " + constantBytes + " bytes of constants, but " + constantsLeft.remaining()
                    + " are left");
        }
        byte[] constants = new byte[constantBytes];
        constantsLeft.get(constants);
        List<InputLocation> inputs = new ArrayList<>();
        for (int left = count(in, 24); left > 0; left--) {
            inputs.add(new InputLocation(in.getInt(), in.getInt(), in.getLong(), in.getInt(), in.getInt()));
        }
        List<TensorLocation> outputs = locations(in);
        List<TensorLocation> dumped = locations(in);
        long[] commands = new long[count(in, 64) * Contract.COMMAND_WORDS];
        in.asLongBuffer().get(commands);
        in.position(in.position() + commands.length * Long.BYTES);
        return new JobProgram(commands, constants, scratchBytes, inputs, outputs, dumped);
    }

    private static List<TensorLocation> locations(ByteBuffer in) {
        List<TensorLocation> locations = new ArrayList<>();
        TensorType[] types = TensorType.values();
        for (int left = count(in, 36); left > 0; left--) {
            int tensor = in.getInt();
            int region = in.getInt();
            long offset = in.getLong();
            int height = in.getInt();
            int width = in.getInt();
            int channels = in.getInt();
            int blocks = in.getInt();
            int type = in.getInt();
            if (type < 0 || type >= types.length) {
                throw damaged("tensor " + tensor + " has the unknown type " + type);
            }
            locations.add(new TensorLocation(tensor, region, offset, height, width, channels, blocks, types[type]));
        }
        return locations;
    }

    private static List<Integer> integers(ByteBuffer in) {
        List<Integer> values = new ArrayList<>();
        for (int left = count(in, 4); left > 0; left--) {
            values.add(in.getInt());
        }
        return values;
    }

    /** A count of elements of at least this size, all of which must still fit. */
    private static int count(ByteBuffer in, int elementBytes) {
        int count = in.getInt();
        if (count < 0 || (long) count * elementBytes > in.remaining()) {
            throw damaged("it announces " + count + " elements in " + in.remaining() + " bytes");
        }
        return count;
    }

    private static String string(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > LARGEST_STRING || length > in.remaining()) {
            throw damaged("a name has " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static CompileException damaged(String problem) {
        return new CompileException("The compiled program is damaged: " + problem + "; compile the model again.");
    }
}
