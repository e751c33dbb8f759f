// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class HouseTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.windhover");

    @Test
    void jna_is_touched_by_one_package_of_the_driver_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.windhover.driver")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(HOUSE);
    }

    @Test
    void mqtt_is_touched_by_one_package_of_the_runtime_only() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.windhover.runtime.mqtt")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.eclipse.paho..", "org.apache.activemq..")
                .check(HOUSE);
    }

    @Test
    void models_know_neither_driver_nor_runtime() {
        noClasses()
                .that()
                .resideInAPackage("io.windhover.models..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.windhover.driver..", "io.windhover.runtime..", "io.windhover.simulator..")
                .check(HOUSE);
    }

    @Test
    void the_driver_knows_bytes_and_jobs_never_layers() {
        noClasses()
                .that()
                .resideInAPackage("io.windhover.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.windhover.models..", "io.windhover.runtime..", "io.windhover.simulator..")
                .check(HOUSE);
    }

    @Test
    void nothing_imports_the_command_line() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.windhover.runtime.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.windhover.runtime.cli..", "picocli..", "me.tongfei..")
                .check(HOUSE);
    }

    @Test
    void the_compiler_needs_no_device_and_no_session() {
        noClasses()
                .that()
                .resideInAPackage("io.windhover.runtime.compiler..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.windhover.runtime", "io.windhover.runtime.engine..", "io.windhover.runtime.mqtt..")
                .check(HOUSE);
    }

    @Test
    void everything_lives_below_the_root_package() {
        classes().should().resideInAPackage("io.windhover..").check(HOUSE);
    }
}
