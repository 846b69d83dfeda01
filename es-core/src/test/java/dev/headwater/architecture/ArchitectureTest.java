package dev.headwater.architecture;

import static com.tngtech.archunit.lang.conditions.ArchConditions.be;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.headwater");

  @Nested
  class Packages {
    @Test
    void depend_in_one_direction() {
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("event")
          .definedBy("dev.headwater.event")
          .layer("store")
          .definedBy("dev.headwater.store")
          .layer("codec")
          .definedBy("dev.headwater.codec")
          .layer("memory")
          .definedBy("dev.headwater.memory")
          .layer("aggregate")
          .definedBy("dev.headwater.aggregate")
          .layer("fixture")
          .definedBy("dev.headwater.fixture")
          .optionalLayer("axon")
          .definedBy("dev.headwater.axon")
          .whereLayer("event")
          .mayNotAccessAnyLayer()
          .whereLayer("store")
          .mayOnlyAccessLayers("event")
          .whereLayer("codec")
          .mayOnlyAccessLayers("event", "store")
          .whereLayer("memory")
          .mayOnlyAccessLayers("event", "store")
          .whereLayer("aggregate")
          .mayOnlyAccessLayers("event", "store", "codec")
          .whereLayer("fixture")
          .mayOnlyAccessLayers("aggregate")
          .whereLayer("memory")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("axon")
          .mayNotBeAccessedByAnyLayer()
          .check(MAIN);
    }

    @Test
    void have_no_cycles() {
      slices().matching("dev.headwater.(*)..").should().beFreeOfCycles().check(MAIN);
    }
  }

  @Nested
  class The_core {
    @Test
    void knows_neither_redis_nor_jdbc() {
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..", "redis..", "java.sql..", "javax.sql..")
          .check(MAIN);
    }

    @Test
    void knows_axon_in_one_package_alone() {
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.headwater.axon..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.axonframework..")
          .check(MAIN);
    }
  }

  @Nested
  class Public_classes {
    @Test
    void are_final_or_have_a_known_set_of_subclasses_or_are_roots_of_exceptions() {
      classes()
          .that()
          .arePublic()
          .and()
          .areNotInterfaces()
          .should(be(DescribedPredicate.describe("closed", ArchitectureTest::isClosed)))
          .check(MAIN);
    }
  }

  private static boolean isClosed(JavaClass type) {
    boolean rootException =
        type.isAssignableTo(RuntimeException.class) && !type.getSubclasses().isEmpty();
    return type.getModifiers().contains(JavaModifier.FINAL)
        || type.getModifiers().contains(JavaModifier.ABSTRACT)
        || type.isEnum()
        || type.reflect().isSealed()
        || rootException;
  }
}
