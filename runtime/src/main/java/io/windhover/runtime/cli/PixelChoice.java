// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.Classification;
import io.windhover.runtime.Device;
import io.windhover.runtime.Frame;
import io.windhover.runtime.Limits;
import io.windhover.runtime.Session;
import io.windhover.runtime.SessionOptions;
import io.windhover.runtime.evaluation.CalibrationInputs;
import io.windhover.runtime.exception.ClassificationException;
import io.windhover.runtime.model.Model;
import java.util.List;

/**
 * How pixels become the input of a float network that does not say: unit, unless its scores are then nearly the same
 * for every calibration input and on another scale they are not. A network made for 0..255 that is fed 0..1 sees black.
 */
final class PixelChoice {
    static final String USUAL = "unit";

    private static final List<String> OTHERS = List.of("none", "signed");
    private static final int INPUTS = 24;
    /** Of the information that names a class: below this, scores tell nothing. */
    private static final double NOTHING = 0.001;

    private static final double SOMETHING = 0.1;

    private final Model model;
    private final String source;
    private final int limit;
    private final Limits limits;

    PixelChoice(Model model, String source, int limit, Limits limits) {
        this.model = model;
        this.source = source;
        this.limit = Math.min(limit, INPUTS);
        this.limits = limits;
    }

    /** The name that --preprocess would take. */
    String best() {
        String best = USUAL;
        double most = SOMETHING;
        if (information(USUAL) >= NOTHING) {
            return best;
        }
        for (String other : OTHERS) {
            double information = information(other);
            if (information > most) {
                best = other;
                most = information;
            }
        }
        return best;
    }

    /** What the scores tell with pixels of this scale; nothing where they are no scores. */
    private double information(String how) {
        try {
            return measured(how);
        } catch (ClassificationException noScores) {
            return 0;
        }
    }

    /** Entropy of the mean scores less the mean entropy of the scores, as a fraction of what a class can tell. */
    private double measured(String how) {
        Model scaled = PreprocessOption.with(model, how);
        int classes = model.classes();
        double[] mean = new double[classes];
        double entropies = 0;
        try (Device reference = Device.open("reference:");
                Session session = reference.load(
                        scaled, new SessionOptions(false, SessionOptions.DEFAULT.frameTimeout(), limits))) {
            List<byte[][]> inputs = CalibrationInputs.read(session, source, limit, () -> {});
            for (byte[][] input : inputs) {
                double[] scores = scores(session, input[0], classes);
                entropies += entropy(scores) / inputs.size();
                for (int i = 0; i < classes; i++) {
                    mean[i] += scores[i] / inputs.size();
                }
            }
        }
        return (entropy(mean) - entropies) / Math.log(classes);
    }

    private static double[] scores(Session session, byte[] input, int classes) {
        Frame frame = session.frame();
        session.fill(frame, 0, input);
        session.submit(frame);
        session.await(frame);
        double[] scores = new double[classes];
        for (Classification.Score score : session.classification(frame, classes).top()) {
            scores[score.index()] = score.score();
        }
        return scores;
    }

    private static double entropy(double[] scores) {
        double entropy = 0;
        for (double score : scores) {
            entropy -= score > 0 ? score * Math.log(score) : 0;
        }
        return entropy;
    }
}
