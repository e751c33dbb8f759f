// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.driver.Accelerator;
import io.windhover.driver.DriverException;
import io.windhover.driver.Status;
import io.windhover.runtime.profile.DeviceNotes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;

/** What {@link Simulated} does. */
final class SimulatedDevices implements ExecutionCondition, ParameterResolver, InvocationInterceptor {
    private static final Namespace NAMESPACE = Namespace.create(SimulatedDevices.class);
    private static final String REQUIRED = "WINDHOVER_DEVICES_REQUIRED";

    private record Opened(Accelerator accelerator) implements AutoCloseable {
        @Override
        public void close() {
            accelerator.close();
        }
    }

    static Optional<String> locator(ExtensionContext context) {
        return context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Simulated.class))
                .or(() ->
                        context.getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, Simulated.class)))
                .map(Simulated::value);
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        String locator = locator(context).orElseThrow();
        try {
            Accelerator.open(locator).close();
            return ConditionEvaluationResult.enabled(locator);
        } catch (DriverException e) {
            if (e.status() == Status.NOT_FOUND && !"1".equals(System.getenv(REQUIRED))) {
                return ConditionEvaluationResult.disabled(String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Accelerator.class;
    }

    @Override
    public Accelerator resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(NAMESPACE)
                .getOrComputeIfAbsent(
                        Accelerator.class,
                        key -> new Opened(Accelerator.open(locator(context).orElseThrow())),
                        Opened.class)
                .accelerator();
    }

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, method, context);
    }

    @Override
    public void interceptTestTemplateMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        run(invocation, method, context);
    }

    private static void run(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        try {
            invocation.proceed();
        } catch (TestAbortedException skipped) {
            throw skipped;
        } catch (Throwable failure) {
            System.err.println(Waves.name(context) + " failed; " + record(method, context));
            throw failure;
        }
    }

    /** Runs the method again on the waveform build of its device; returns what to tell the reader of the failure. */
    private static String record(ReflectiveInvocationContext<Method> method, ExtensionContext context) {
        String locator = locator(context).orElseThrow();
        if (!locator.startsWith("rtl:") || locator.contains("wave=")) {
            return "no waveform: " + locator + " has none";
        }
        Path wave = wavePath(context);
        String traced = DeviceNotes.with(locator, "wave=" + wave);
        try (Accelerator accelerator = Accelerator.open(traced)) {
            List<Object> arguments = method.getArguments().stream()
                    .map(argument -> argument instanceof Accelerator ? accelerator : argument)
                    .toList();
            Method executable = method.getExecutable();
            executable.setAccessible(true);
            executable.invoke(method.getTarget().orElse(null), arguments.toArray());
            return "the second run, with a waveform, passed: " + wave;
        } catch (DriverException e) {
            return e.status() == Status.NOT_FOUND
                    ? "no waveform: " + e.getMessage()
                    : "waveform of the second run: " + wave;
        } catch (InvocationTargetException e) {
            return "waveform of the second run: " + wave + " (" + e.getCause() + ")";
        } catch (ReflectiveOperationException e) {
            return "no waveform: " + e;
        }
    }

    private static Path wavePath(ExtensionContext context) {
        Path wave = Waves.file(Waves.name(context));
        try {
            Files.createDirectories(wave.getParent());
            return wave;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
