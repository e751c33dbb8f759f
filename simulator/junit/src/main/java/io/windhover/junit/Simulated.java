// SPDX-License-Identifier: Apache-2.0
package io.windhover.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test method a fresh {@link io.windhover.driver.Accelerator} as a parameter and closes it afterwards. The test
 * is skipped, saying so, where the device's library has not been built; with WINDHOVER_DEVICES_REQUIRED=1 it fails
 * instead.
 *
 * <p>When a test on an {@code rtl:} device fails and the waveform build of that device is there, its method is run once
 * more on it, and a line on standard error names the waveform under {@code target/waves}. So the method must be
 * repeatable: it may not depend on fields that its first run changed.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(SimulatedDevices.class)
public @interface Simulated {
    /** Locator of the device, such as {@code rtl:tiny?stalls=7} or {@code functional:}. */
    String value();
}
