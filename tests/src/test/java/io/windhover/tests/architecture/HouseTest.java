// SPDX-License-Identifier: Apache-2.0
package io.windhover.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.TOP_LEVEL_CLASSES;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaModifier.PUBLIC;
import static com.tngtech.archunit.core.domain.properties.HasModifiers.Predicates.modifier;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class HouseTest {
    private static final String RUNTIME = "io.windhover.runtime";
    private static final String SERVICE = RUNTIME + ".serve";
    private static final String COMPILER = RUNTIME + ".compiler";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.windhover");

    @Test
    void packages_form_no_circles() {
        slices().matching("io.windhover.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    /** What a program that classifies images imports. */
    private static final Set<String> TOP_OF_THE_RUNTIME = Set.of(
            "Classification", "Detections", "Device", "Frame", "Limits", "Pipeline", "Session", "SessionOptions");

    @Test
    void the_top_of_the_runtime_holds_what_programs_import() {
        Set<String> visible = new TreeSet<>();
        HOUSE.that(resideInAPackage(RUNTIME).and(modifier(PUBLIC)).and(TOP_LEVEL_CLASSES))
                .forEach(type -> visible.add(type.getSimpleName()));
        assertEquals(new TreeSet<>(TOP_OF_THE_RUNTIME), visible);
    }

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
                .resideInAnyPackage("io.windhover.driver..", "io.windhover.runtime..", "io.windhover.junit..")
                .check(HOUSE);
    }

    @Test
    void the_driver_knows_bytes_and_jobs_never_layers() {
        noClasses()
                .that()
                .resideInAPackage("io.windhover.driver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.windhover.models..", "io.windhover.runtime..", "io.windhover.junit..")
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
    void the_service_is_known_to_the_command_line_only() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVICE + "..", RUNTIME + ".cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SERVICE + "..")
                .check(HOUSE);
    }

    @Test
    void sources_know_frames_and_nothing_of_where_results_go() {
        noClasses()
                .that()
                .resideInAPackage(RUNTIME + ".source")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(RUNTIME + ".mqtt", RUNTIME + ".queue", RUNTIME + ".publishing")
                .check(HOUSE);
    }

    @Test
    void the_queue_knows_bytes_only() {
        noClasses()
                .that()
                .resideInAPackage(RUNTIME + ".queue")
                .should()
                .dependOnClassesThat(resideInAPackage(RUNTIME + "..").and(not(resideInAPackage(RUNTIME + ".queue"))))
                .check(HOUSE);
    }

    @Test
    void libraries_of_the_service_are_touched_where_they_belong() {
        Map<String, String> rooms = Map.of(
                "com.sun.net.httpserver..", SERVICE + ".http",
                "io.prometheus..", SERVICE + ".http",
                "org.HdrHistogram..", SERVICE + ".monitor",
                "org.snakeyaml..", SERVICE + ".yaml");
        rooms.forEach((library, room) -> noClasses()
                .that()
                .resideOutsideOfPackage(room)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(HOUSE.that(resideInAPackage(RUNTIME + ".."))));
    }

    @Test
    void the_compiler_needs_nothing_else_of_the_runtime() {
        noClasses()
                .that()
                .resideInAPackage(COMPILER + "..")
                .should()
                .dependOnClassesThat(resideInAPackage(RUNTIME + "..").and(not(resideInAPackage(COMPILER + ".."))))
                .check(HOUSE);
    }

    /** In the order of its README. */
    private static final List<String> COMPILER_ROOMS =
            List.of("program", "stage", "channels", "weights", "lowering", "operators", "schedule", "emission");

    @Test
    void rooms_of_the_compiler_know_only_those_before_them() {
        for (int room = 0; room < COMPILER_ROOMS.size(); room++) {
            List<String> later = new ArrayList<>(List.of(COMPILER));
            COMPILER_ROOMS.subList(room + 1, COMPILER_ROOMS.size()).forEach(name -> later.add(COMPILER + "." + name));
            noClasses()
                    .that()
                    .resideInAPackage(COMPILER + "." + COMPILER_ROOMS.get(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(later.toArray(String[]::new))
                    .check(HOUSE);
        }
    }

    @Test
    void the_compiler_is_seen_by_its_entry_and_by_programs() {
        noClasses()
                .that()
                .resideOutsideOfPackage(COMPILER + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage(COMPILER + "..").and(not(resideInAnyPackage(COMPILER, COMPILER + ".program"))))
                .check(HOUSE);
    }

    @Test
    void every_room_of_the_compiler_is_listed() {
        classes()
                .that()
                .resideInAPackage(COMPILER + ".*..")
                .should()
                .resideInAnyPackage(COMPILER_ROOMS.stream()
                        .map(room -> COMPILER + "." + room)
                        .toArray(String[]::new))
                .check(HOUSE);
    }

    @Test
    void everything_lives_below_the_root_package() {
        classes().should().resideInAPackage("io.windhover..").check(HOUSE);
    }
}
