// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Has a {@link WindhoverTest} on an {@code rtl:} device run over a memory that is not at its best. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Faults {
    /**
     * A seed: the memory hesitates at random, and answers of different ports change order. No byte may change, but
     * cycles do. 0 leaves it as it is.
     */
    long stalls() default 0;

    /** So many bus errors are survived before the first test, as {@link ModelOnDevice#survivesBusErrors} says. */
    int busErrors() default 0;
}
