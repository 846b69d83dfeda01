package dev.headwater.benchmarks.axon;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.messaging.core.unitofwork.transaction.Transaction;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;

/**
 * Transactions bound to their thread, the inner ones part of the outermost: what Spring does for an
 * Axon application.
 */
final class JpaTransactions implements TransactionManager, EntityManagerProvider {
  private static final ThreadLocal<@Nullable EntityManager> CURRENT = new ThreadLocal<>();

  private final EntityManagerFactory factory;

  JpaTransactions(EntityManagerFactory factory) {
    this.factory = factory;
  }

  @Override
  public Transaction startTransaction() {
    if (CURRENT.get() != null) {
      return new Inner();
    }
    EntityManager manager = factory.createEntityManager();
    manager.getTransaction().begin();
    CURRENT.set(manager);
    return new Outermost(manager);
  }

  @Override
  public boolean requiresSameThreadInvocations() {
    return true;
  }

  /** The transaction's; the engine closes it each time, which must not end it. */
  @Override
  public EntityManager getEntityManager() {
    EntityManager manager = CURRENT.get();
    return manager == null ? factory.createEntityManager() : unclosed(manager);
  }

  private static EntityManager unclosed(EntityManager manager) {
    return (EntityManager)
        Proxy.newProxyInstance(
            EntityManager.class.getClassLoader(),
            new Class<?>[] {EntityManager.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                return null;
              }
              try {
                return method.invoke(manager, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  private record Inner() implements Transaction {
    @Override
    public void commit() {}

    @Override
    public void rollback() {}
  }

  private static final class Outermost implements Transaction {
    private final EntityManager manager;

    Outermost(EntityManager manager) {
      this.manager = manager;
    }

    @Override
    public void commit() {
      CURRENT.remove();
      try (manager) {
        manager.getTransaction().commit();
      }
    }

    @Override
    public void rollback() {
      CURRENT.remove();
      try (manager) {
        if (manager.getTransaction().isActive()) {
          manager.getTransaction().rollback();
        }
      }
    }
  }
}
