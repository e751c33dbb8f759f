// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link WindhoverTest} does. */
final class ModelExtension implements ParameterResolver, BeforeTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ModelExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ModelOnDevice.class;
    }

    /** Nested classes and methods share their class's; JUnit closes it with that class. */
    @Override
    public ModelOnDevice resolveParameter(ParameterContext parameter, ExtensionContext context) {
        WindhoverTest asked = AnnotationSupport.findAnnotation(context.getRequiredTestClass(), WindhoverTest.class)
                .orElseThrow();
        ModelOnDevice model = store(context)
                .getOrComputeIfAbsent(
                        ModelOnDevice.class,
                        key -> open(
                                asked, AnnotationSupport.findAnnotation(context.getRequiredTestClass(), Faults.class)),
                        ModelOnDevice.class);
        name(model, context);
        return model;
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        ModelOnDevice model = store(context).get(ModelOnDevice.class, ModelOnDevice.class);
        if (model != null) {
            name(model, context);
        }
    }

    private static void name(ModelOnDevice model, ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            model.named(Waves.name(context));
        }
    }

    private static ExtensionContext.Store store(ExtensionContext context) {
        ExtensionContext ofClass =
                context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
        return ofClass.getStore(NAMESPACE);
    }

    private static ModelOnDevice open(WindhoverTest asked, Optional<Faults> faults) {
        long seed = faults.map(Faults::stalls).orElse(0L);
        String stalls = seed == 0 ? "" : (asked.device().contains("?") ? "&" : "?") + "stalls=" + seed;
        ModelOnDevice model = ModelOnDevice.open(asked.device() + stalls, asked.model());
        try {
            return model.survivesBusErrors(faults.map(Faults::busErrors).orElse(0), seed);
        } catch (RuntimeException | AssertionError problem) {
            model.close();
            throw problem;
        }
    }
}
