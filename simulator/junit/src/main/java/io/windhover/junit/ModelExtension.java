// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.util.Optional;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Opens the model of a {@link WindhoverTest}. */
final class ModelExtension implements ParameterResolver, BeforeTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(ModelExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == ModelOnDevice.class;
    }

    /** Nested classes and methods share their class's; JUnit closes it with that class. */
    @Override
    public ModelOnDevice resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext owner = owner(context);
        ModelOnDevice model = owner.getStore(NAMESPACE)
                .getOrComputeIfAbsent(owner.getRequiredTestClass(), key -> open(owner), ModelOnDevice.class);
        ClassResults.of(owner.getRequiredTestClass()).use(model);
        name(model, context);
        return model;
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        ModelOnDevice model =
                ClassResults.of(owner(context).getRequiredTestClass()).model();
        if (model != null) {
            name(model, context);
        }
    }

    /** The context of the class that names the model, which may be above a nested one's. */
    static ExtensionContext owner(ExtensionContext context) {
        ExtensionContext above = context;
        while (above.getTestMethod().isPresent() || asked(above).isEmpty()) {
            above = above.getParent().orElseThrow();
        }
        return above;
    }

    private static Optional<WindhoverTest> asked(ExtensionContext context) {
        return context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, WindhoverTest.class));
    }

    static String source(ExtensionContext owner) {
        return asked(owner).orElseThrow().model();
    }

    static String locator(ExtensionContext owner) {
        String device = asked(owner).orElseThrow().device();
        long seed = faults(owner).map(Faults::stalls).orElse(0L);
        return seed == 0 ? device : device + (device.contains("?") ? "&" : "?") + "stalls=" + seed;
    }

    private static Optional<Faults> faults(ExtensionContext owner) {
        return AnnotationSupport.findAnnotation(owner.getRequiredTestClass(), Faults.class);
    }

    private static void name(ModelOnDevice model, ExtensionContext context) {
        if (context.getTestMethod().isPresent()) {
            model.named(Waves.name(context));
        }
    }

    private static ModelOnDevice open(ExtensionContext owner) {
        ModelOnDevice model = ModelOnDevice.open(locator(owner), source(owner));
        try {
            return model.survivesBusErrors(
                    faults(owner).map(Faults::busErrors).orElse(0),
                    faults(owner).map(Faults::stalls).orElse(0L));
        } catch (RuntimeException | AssertionError problem) {
            model.close();
            throw problem;
        }
    }
}
