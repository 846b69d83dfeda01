package dev.headwater.projection.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The {@link ProjectionFixture}s of this test, or of all tests of this class, nested ones and those
 * of its superclass included, have a database of a real PostgreSQL instead of H2. The server is
 * started from Maven artifacts on first use, shared by the tests of the JVM, and ends with it.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface OnPostgreSql {}
