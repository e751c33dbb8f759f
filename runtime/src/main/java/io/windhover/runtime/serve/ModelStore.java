// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.serve;

import io.windhover.contract.Contract;
import io.windhover.driver.Capabilities;
import io.windhover.models.ModelException;
import io.windhover.models.Reason;
import io.windhover.models.graph.InputShapes;
import io.windhover.models.graph.Preprocessing;
import io.windhover.runtime.Limits;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.compiler.Compiler;
import io.windhover.runtime.compiler.program.CompileException;
import io.windhover.runtime.compiler.program.CompiledModel;
import io.windhover.runtime.compiler.program.HostReport;
import io.windhover.runtime.compiler.program.Placement;
import io.windhover.runtime.detection.Decode;
import io.windhover.runtime.detection.DecodeJson;
import io.windhover.runtime.detection.Recognition;
import io.windhover.runtime.exception.WindhoverException;
import io.windhover.runtime.image.ImageOptions;
import io.windhover.runtime.image.PixelScale;
import io.windhover.runtime.image.Preprocessor;
import io.windhover.runtime.model.Labels;
import io.windhover.runtime.model.Model;
import io.windhover.runtime.model.ModelLoader;
import io.windhover.runtime.serve.Resident.Prepared;
import io.windhover.runtime.serve.configuration.ModelConfiguration;
import io.windhover.runtime.serve.configuration.ResultConfiguration;
import io.windhover.runtime.serve.configuration.ServiceConfiguration;
import io.windhover.runtime.serve.yaml.YamlException;
import io.windhover.runtime.source.SourceSettings;
import io.windhover.runtime.whm.CompiledFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the models of a configuration, and keeps what the compiler makes of them in a folder: by the digest of the
 * model's file, that of this build of Windhover, the contract's, and the name of the accelerator's configuration. A
 * file in it that is damaged is made anew.
 */
final class ModelStore {
    private static final Logger LOG = LoggerFactory.getLogger(ModelStore.class);
    private static final String SUFFIX = ".whm";

    private final @Nullable Path folder;
    private final ModelLoader loader = new ModelLoader(Limits.DEFAULT.modelBytes());
    private long compiled;

    /** @param folder null: nothing is kept */
    ModelStore(@Nullable Path folder) {
        this.folder = folder;
    }

    /** The models of a configuration, which fit what their streams give them; an exception says which ones do not. */
    static Map<String, Prepared> prepare(ServiceConfiguration of, @Nullable Capabilities capabilities) {
        return new ModelStore(of.state().resolve("models")).fitting(of, capabilities);
    }

    /** The same, without looking at what is kept, or changing it. */
    static Map<String, Prepared> check(ServiceConfiguration of, @Nullable Capabilities capabilities) {
        return new ModelStore(null).fitting(of, capabilities);
    }

    private Map<String, Prepared> fitting(ServiceConfiguration of, @Nullable Capabilities capabilities) {
        Map<String, Prepared> models = prepare(of.models(), capabilities);
        List<String> mistakes = new ArrayList<>();
        of.streams().forEach((name, stream) -> {
            Model model = Objects.requireNonNull(models.get(stream.model())).model();
            if (!(stream.source() instanceof SourceSettings.Requests)) {
                collect(mistakes, () -> requirePictures(name, model));
            }
            collect(mistakes, () -> requireFitting(name, stream.result(), stream.model(), model));
        });
        requireNone(mistakes);
        return models;
    }

    static void requirePictures(String stream, Model model) {
        try {
            Preprocessor unused = new Preprocessor(model.image(), PixelScale.of(model.graph()));
        } catch (WindhoverException unusable) {
            throw new WindhoverException("Stream '" + stream + "': " + unusable.getMessage(), unusable);
        }
    }

    /** A {@link WindhoverException} says what of a stream's results cannot be had from a model. */
    static void requireFitting(String stream, ResultConfiguration result, String key, Model model) {
        if (model.isDetector() ? result.smoothing() > 1 : result.isOfClasses() && !model.isClassifier()) {
            throw new WindhoverException(
                    "Stream '" + stream + "': model '" + key + "' "
                            + (model.isDetector()
                                    ? "finds things, and only scores of classes are averaged; remove 'result.smoothing'."
                                    : "does not classify, so of 'result' only 'most_per_second' means something; remove the rest."));
        }
    }

    /** Programs that were made, not found. */
    long compiled() {
        return compiled;
    }

    /**
     * Reads and compiles all models; an exception says which ones cannot be used.
     *
     * @param capabilities of the accelerator; null where there is none to compile for
     */
    Map<String, Prepared> prepare(Map<String, ModelConfiguration> models, @Nullable Capabilities capabilities) {
        Map<String, Prepared> all = new LinkedHashMap<>();
        Set<Path> used = new HashSet<>();
        List<String> mistakes = new ArrayList<>();
        models.forEach((key, model) -> collect(mistakes, () -> {
            try {
                all.put(key, prepare(model, capabilities, used));
            } catch (WindhoverException | ModelException | CompileException unusable) {
                throw new WindhoverException(model.place() + ": " + unusable.getMessage(), unusable);
            }
        }));
        requireNone(mistakes);
        if (capabilities != null && folder != null) {
            removeAllBut(used, folder);
        }
        return all;
    }

    private static void collect(List<String> mistakes, Runnable part) {
        try {
            part.run();
        } catch (WindhoverException mistake) {
            mistakes.add(String.valueOf(mistake.getMessage()));
        }
    }

    private static void requireNone(List<String> mistakes) {
        if (!mistakes.isEmpty()) {
            throw new YamlException(mistakes);
        }
    }

    private Prepared prepare(ModelConfiguration configuration, @Nullable Capabilities capabilities, Set<Path> used) {
        Model model = load(configuration.source(), configuration.shapes(), capabilities, used)
                .with(configuration.decode());
        if (configuration.labels() != null) {
            requireClasses(model);
            model = Labels.apply(model, configuration.labels());
        }
        List<Double> mean = configuration.mean();
        List<Double> deviation = configuration.deviation();
        if (mean != null && deviation != null) {
            model = model.with(model.graph().labels(), preprocessing(model, mean, deviation));
        }
        model.image();
        if (capabilities != null) {
            sayHost(configuration, model);
        }
        Decode boxes = model.checked().detector();
        // Found out once: each look at the node's state asks what its models are.
        model = model.with(boxes == null ? Decode.of(Decode.Kind.NONE) : boxes);
        SessionOptions options = new SessionOptions(
                false,
                configuration.timeout(),
                Limits.DEFAULT,
                new ImageOptions(configuration.fit(), configuration.bgr()));
        String identity = String.join(
                " ",
                model.sha256(),
                Integer.toHexString(model.graph().labels().hashCode()),
                String.valueOf(mean),
                String.valueOf(deviation),
                boxes == null ? "" : new String(DecodeJson.write(boxes), StandardCharsets.UTF_8),
                options.toString());
        return new Prepared(model, options, identity);
    }

    private static void sayHost(ModelConfiguration configuration, Model model) {
        List<HostReport.Entry> left = HostReport.beyondEnds(model.graph(), Placement.of(model.graph()));
        if (!left.isEmpty()) {
            LOG.info("{}: part of the model runs on the host: {}", configuration.place(), HostReport.words(left));
        }
    }

    private static void requireClasses(Model model) {
        if (!model.isClassifier() && !model.isDetector()) {
            String could = Recognition.of(model.graph(), model.source()).could();
            throw new WindhoverException("'" + model.source()
                    + "' does not classify, so there is nothing to name; remove 'labels'"
                    + (could == null ? "." : ", or, if it is the detector " + could + ", say so with 'decode'."));
        }
    }

    private static Preprocessing preprocessing(Model model, List<Double> mean, List<Double> deviation) {
        int channels = model.image().shape().channels() == 3 ? 3 : 1;
        if (mean.size() != 1 && mean.size() != channels) {
            throw new WindhoverException("it has " + channels + " channels, but " + mean.size()
                    + " means are given; give one, or one for each channel.");
        }
        float[] means = new float[channels];
        float[] deviations = new float[channels];
        for (int c = 0; c < channels; c++) {
            means[c] = mean.get(Math.min(c, mean.size() - 1)).floatValue();
            deviations[c] = deviation.get(Math.min(c, deviation.size() - 1)).floatValue();
        }
        return new Preprocessing(means, deviations);
    }

    private Model load(String source, InputShapes shapes, @Nullable Capabilities capabilities, Set<Path> used) {
        String digest = capabilities == null || folder == null ? null : loader.digest(source, shapes);
        Path file = digest == null || capabilities == null || folder == null
                ? null
                : folder.resolve(name(digest, capabilities));
        if (digest != null && file != null) {
            used.add(file);
            Model kept = kept(file, source, digest);
            if (kept != null) {
                return kept;
            }
        }
        Model model = loader.load(source, shapes);
        if (capabilities == null || model.compiledFor(capabilities) != null) {
            return model;
        }
        CompiledModel program = Compiler.compile(model.graph(), capabilities);
        compiled++;
        // The file may have been replaced since its digest was taken.
        if (file != null && model.sha256().equals(digest)) {
            keep(new CompiledFile(model.graph(), program, model.decode()), file);
        }
        return new Model(source, model.sha256(), model.graph(), program, model.notes(), model.decode());
    }

    private static String name(String digest, Capabilities capabilities) {
        return String.join(
                        "-",
                        digest,
                        BuildIdentity.digest(),
                        String.format("%016x", Contract.DIGEST),
                        capabilities.name())
                + SUFFIX;
    }

    private static @Nullable Model kept(Path file, String source, String digest) {
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try {
            CompiledFile contents = CompiledFile.read(file, Files.readAllBytes(file));
            return contents.compiled() == null
                    ? null
                    : new Model(source, digest, contents.graph(), contents.compiled(), List.of(), contents.decode());
        } catch (IOException | RuntimeException damaged) {
            LOG.warn("{} It is made anew.", damaged.getMessage());
            return null;
        }
    }

    private void keep(CompiledFile contents, Path file) {
        try {
            Files.createDirectories(file.getParent());
            contents.write(file);
        } catch (IOException full) {
            LOG.warn(
                    "A compiled model cannot be kept in {} ({}); the next start compiles it again.",
                    file.getParent(),
                    Reason.of(full));
        }
    }

    private void removeAllBut(Set<Path> used, Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path file : files) {
                if (!used.contains(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException kept) {
            LOG.warn("Old compiled models in {} cannot be removed ({}).", folder, Reason.of(kept));
        }
    }
}
