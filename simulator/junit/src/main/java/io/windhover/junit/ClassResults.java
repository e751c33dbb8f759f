// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.Summary;
import io.windhover.runtime.verify.Check;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of a class's tests. When some run again in this JVM, as Surefire does with those that failed, their last
 * outcomes stand.
 */
final class ClassResults {
    private static final Map<String, ClassResults> OF_THIS_JVM = new ConcurrentHashMap<>();

    private final Map<String, Check> outcomes = new LinkedHashMap<>();
    private @Nullable ModelOnDevice model;
    private @Nullable Profile profile;
    private @Nullable Double top1;

    static ClassResults of(Class<?> tests) {
        return OF_THIS_JVM.computeIfAbsent(tests.getName(), name -> new ClassResults());
    }

    synchronized void add(String testId, Check outcome) {
        outcomes.put(testId, outcome);
    }

    /** Whether no test passed or failed. */
    synchronized boolean isEmpty() {
        return outcomes.isEmpty();
    }

    /** The tests have a model. */
    synchronized void use(ModelOnDevice opened) {
        model = opened;
    }

    /** Null where the tests have none, which may be because it could not be opened. */
    synchronized @Nullable ModelOnDevice model() {
        return model;
    }

    /** All that was found, after the last test; the model is let go. */
    synchronized Summary end(List<String> names, String device) {
        if (model != null) {
            profile = model.measured() == null ? profile : model.measured();
            top1 = model.accuracy() == null
                    ? top1
                    : Double.valueOf(model.accuracy().top1());
            model = null;
        }
        return new Summary(names, device, List.copyOf(outcomes.values()), profile, top1);
    }
}
