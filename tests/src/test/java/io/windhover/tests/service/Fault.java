// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A fault that a test injects into a running service. The test gets an {@link Outcome} to write down what it measured;
 * the run writes one row for each fault into {@code tests/target/faults.md}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@ExtendWith(FaultTable.class)
@interface Fault {
    /** What happens. */
    String value();

    /** What the service must do. */
    String must();
}
