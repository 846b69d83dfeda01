package dev.headwater.projection;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A database in which a process stops for ever before a certain step: a statement or a commit. */
final class StepByStep {
  private static final Set<String> STEPS =
      Set.of("execute", "executeQuery", "executeUpdate", "executeBatch", "commit");

  private final int last;
  private final Runnable reached;
  private final AtomicInteger steps = new AtomicInteger();

  /**
   * @param last the step, from 1, that is not done any more
   * @param reached is called then, and need not return
   */
  StepByStep(int last, Runnable reached) {
    this.last = last;
    this.reached = reached;
  }

  int steps() {
    return steps.get();
  }

  DataSource over(DataSource database) {
    return watched(DataSource.class, database);
  }

  private <T> T watched(Class<T> type, Object target) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(target, method, arguments)));
  }

  private Object call(Object target, Method method, Object[] arguments) throws Throwable {
    if (STEPS.contains(method.getName()) && steps.incrementAndGet() == last) {
      reached.run();
    }
    Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    return switch (method.getName()) {
      case "getConnection" ->
          result instanceof Connection ? watched(Connection.class, result) : result;
      case "prepareStatement" -> watched(PreparedStatement.class, result);
      case "createStatement" -> watched(Statement.class, result);
      default -> result;
    };
  }
}
