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
 * Gives the test methods of a class a {@link ModelOnDevice} as a parameter: the model is compiled for the device and
 * loaded once for all of them, and the device is closed after the last.
 *
 * <pre>{@code
 * @WindhoverTest(device = "rtl:zynq7020", model = "src/main/models/detector.tflite")
 * class DetectorTest {
 *     @Test
 *     void sees_the_pad(ModelOnDevice detector) {
 *         detector.run(image("pad.jpg")).isBitExact().hasTop1("landing_pad").takesAtMost(1_450_000);
 *     }
 * }
 * }</pre>
 *
 * <p>What became of the tests of a run stands in {@code target/windhover.html} and {@code target/windhover.md}; the
 * system property {@code windhover.report} names another folder.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith({ModelExtension.class, ReportExtension.class})
public @interface WindhoverTest {
    /** Locator of the device, such as {@code rtl:tiny?stalls=7} or {@code functional:}. */
    String device() default "rtl:zynq7020";

    /** A .tflite, .onnx or .whm file, found from the folder that the tests run in, or zoo:NAME. */
    String model();
}
