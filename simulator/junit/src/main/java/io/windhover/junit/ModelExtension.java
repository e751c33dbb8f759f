// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** What {@link WindhoverTest} does. */
final class ModelExtension implements ParameterResolver {
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
        ExtensionContext ofClass =
                context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
        return ofClass.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        ModelOnDevice.class,
                        key -> ModelOnDevice.open(asked.device(), asked.model()),
                        ModelOnDevice.class);
    }
}
