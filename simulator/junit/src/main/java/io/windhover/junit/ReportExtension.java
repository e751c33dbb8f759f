// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import io.windhover.runtime.verify.Check;
import java.util.List;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.TestWatcher;
import org.opentest4j.TestAbortedException;

/** Hands what became of a {@link WindhoverTest} to the {@link RunReport}; tests that are skipped are left out. */
final class ReportExtension implements TestWatcher, InvocationInterceptor, AfterAllCallback {
    @Override
    public void testSuccessful(ExtensionContext context) {
        passed(context);
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        failed(context, name(context), cause);
    }

    /** JUnit tells no watcher of dynamic tests. */
    @Override
    public void interceptDynamicTest(
            Invocation<Void> invocation, DynamicTestInvocationContext test, ExtensionContext context) throws Throwable {
        try {
            invocation.proceed();
            passed(context);
        } catch (TestAbortedException skipped) {
            throw skipped;
        } catch (Throwable failure) {
            failed(context, name(context), failure);
            throw failure;
        }
    }

    /** What failed before or after all tests of a class is no test's. */
    @Override
    public void afterAll(ExtensionContext context) {
        context.getExecutionException().ifPresent(failure -> failed(context, context.getDisplayName(), failure));
        ExtensionContext owner = ModelExtension.owner(context);
        ClassResults results = ClassResults.of(owner.getRequiredTestClass());
        if (owner == context && !results.isEmpty()) {
            RunReport.write(results.end(
                    List.of(owner.getRequiredTestClass().getName(), ModelExtension.source(owner)),
                    ModelExtension.locator(owner)));
        }
    }

    private static void passed(ExtensionContext context) {
        add(context, new Check(name(context), true, ""));
    }

    private static void failed(ExtensionContext context, String name, Throwable failure) {
        add(context, new Check(name, false, sentence(failure)));
    }

    private static void add(ExtensionContext context, Check outcome) {
        ClassResults.of(ModelExtension.owner(context).getRequiredTestClass()).add(context.getUniqueId(), outcome);
    }

    /** The first line of it; JUnit wraps what is thrown where a parameter is made. */
    private static String sentence(Throwable failure) {
        Throwable cause = failure.getCause();
        if (failure instanceof ParameterResolutionException && cause != null) {
            return sentence(cause);
        }
        String message =
                failure.getMessage() == null ? "" : failure.getMessage().strip();
        return message.lines().findFirst().orElseGet(failure::toString);
    }

    /** The method, and what distinguishes one of its invocations. */
    private static String name(ExtensionContext context) {
        ExtensionContext ofMethod = context;
        while (ofMethod.getTestMethod().isEmpty()) {
            ofMethod = ofMethod.getParent().orElseThrow();
        }
        Class<?> type = ofMethod.getRequiredTestClass();
        String method = ofMethod.getRequiredTestMethod().getName();
        String shown = context.getDisplayName();
        return (type == ModelExtension.owner(context).getRequiredTestClass() ? "" : type.getSimpleName() + ".")
                + method
                + (shown.startsWith(method + "(") ? "" : ": " + shown);
    }
}
