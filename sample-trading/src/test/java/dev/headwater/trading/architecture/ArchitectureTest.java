package dev.headwater.trading.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What each module may touch; all of them are on this module's class path. */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.headwater");

  private static void forbid(String from, String... to) {
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(to)
        .check(MAIN);
  }

  @Nested
  class The_modules {
    @Test
    void store_knows_no_sql_and_no_projection() {
      forbid(
          "dev.headwater.redis..",
          "java.sql..",
          "javax.sql..",
          "dev.headwater.projection..",
          "dev.headwater.readmodel..",
          "dev.headwater.trading..");
    }

    @Test
    void projections_know_no_redis() {
      forbid(
          "dev.headwater.projection..",
          "io.lettuce..",
          "dev.headwater.redis..",
          "dev.headwater.trading..");
      forbid(
          "dev.headwater.readmodel..",
          "io.lettuce..",
          "dev.headwater.redis..",
          "dev.headwater.trading..");
    }

    @Test
    void read_models_of_projections_do_not_know_the_runner() {
      forbid("dev.headwater.readmodel..", "dev.headwater.projection..", "dev.headwater.store..");
    }
  }

  @Nested
  class The_packages {
    @Test
    void have_no_cycles_in_any_module() {
      slices().matching("dev.headwater.(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void of_projections_depend_in_one_direction() {
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("readmodel")
          .definedBy("dev.headwater.readmodel")
          .layer("internal")
          .definedBy("dev.headwater.readmodel.internal")
          .layer("projection")
          .definedBy("dev.headwater.projection")
          .layer("effect")
          .definedBy("dev.headwater.effect")
          .layer("process")
          .definedBy("dev.headwater.process")
          .layer("pipeline")
          .definedBy("dev.headwater.pipeline")
          .whereLayer("readmodel")
          .mayNotAccessAnyLayer()
          .whereLayer("internal")
          .mayOnlyAccessLayers("readmodel")
          .whereLayer("projection")
          .mayOnlyAccessLayers("readmodel", "internal")
          .whereLayer("effect")
          .mayOnlyAccessLayers("readmodel", "internal")
          .whereLayer("process")
          .mayOnlyAccessLayers("readmodel", "internal", "effect")
          .whereLayer("pipeline")
          .mayOnlyAccessLayers("effect")
          .check(MAIN);
    }

    @Test
    void of_the_store_depend_in_one_direction() {
      forbid("dev.headwater.redis.check", "dev.headwater.redis", "io.lettuce..");
      forbid("dev.headwater.redis.doctor", "dev.headwater.redis", "dev.headwater.redis.check");
      forbid("dev.headwater.redis.server", "dev.headwater.redis", "io.lettuce..");
      forbid("dev.headwater.redis", "dev.headwater.redis.server");
    }

    @Test
    void that_are_internal_are_for_their_module_alone() {
      forbid("dev.headwater.trading..", "dev.headwater..internal..");
      forbid("dev.headwater.telemetry..", "dev.headwater..internal..");
      forbid("dev.headwater.projection.test..", "dev.headwater..internal..");
    }

    @Test
    void of_pipelines_know_no_database_and_no_store() {
      forbid(
          "dev.headwater.pipeline..",
          "io.lettuce..",
          "java.sql..",
          "javax.sql..",
          "dev.headwater.redis..");
    }
  }

  @Nested
  class Tests_of_projections {
    @Test
    void are_for_tests_alone() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.headwater.projection.test..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.headwater.projection.test..", "org.junit..", "io.zonky..")
          .check(MAIN);
    }
  }

  @Nested
  class Telemetry {
    @Test
    void knows_contracts_alone() {
      forbid(
          "dev.headwater.telemetry..",
          "io.lettuce..",
          "java.sql..",
          "javax.sql..",
          "dev.headwater.redis..",
          "dev.headwater.trading..",
          "org.axonframework..");
    }

    @Test
    void keeps_its_libraries_from_the_others() {
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.headwater.telemetry..", "dev.headwater.trading.venue..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.opentelemetry..")
          .check(MAIN);
    }
  }

  @Nested
  class The_sample {
    @Test
    void keeps_its_domain_free_of_infrastructure() {
      for (String domain : new String[] {"market", "book", "instrument"}) {
        forbid(
            "dev.headwater.trading." + domain + "..",
            "dev.headwater.redis..",
            "dev.headwater.projection..",
            "dev.headwater.readmodel..",
            "dev.headwater.trading.venue..",
            "dev.headwater.trading.cli..",
            "dev.headwater.trading.readmodel..",
            "org.axonframework..",
            "java.sql..");
      }
    }
  }
}
