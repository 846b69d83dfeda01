package dev.headwater.process;

import dev.headwater.event.Position;
import dev.headwater.event.StreamId;
import dev.headwater.store.DeliverToGroup;
import dev.headwater.store.Delivered;
import dev.headwater.store.Deliveries;
import dev.headwater.store.DeliverySpec;
import dev.headwater.store.ReadPartitions;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * Stands still at one crossing of one step of a process manager's work, and says so: its parent
 * kills the process there. Steps: {@code command}, {@code ack}, and the transactions {@code state}
 * (an event was decided on), {@code answered} (a command is removed), {@code fired} (a timer or
 * rejection was decided on), each with {@code before-} or {@code after-}.
 */
final class Steps {
  private final String step;
  private final AtomicInteger crossings;

  Steps(String step, int crossing) {
    this.step = step;
    this.crossings = new AtomicInteger(crossing);
  }

  void cross(String name) {
    if (name.equals(step) && crossings.decrementAndGet() == 0) {
      System.out.println("at " + step);
      while (true) {
        LockSupport.park();
      }
    }
  }

  <C> SendCommand<C> aroundSender(SendCommand<C> sender) {
    return (aggregateId, commandId, metadata, command) -> {
      cross("before-command");
      var outcome = sender.send(aggregateId, commandId, metadata, command);
      cross("after-command");
      return outcome;
    };
  }

  DataSource aroundDatabase(DataSource database) {
    return proxy(
        DataSource.class,
        (method, args) -> {
          Object result = method.invoke(database, args);
          return result instanceof Connection connection ? around(connection) : result;
        });
  }

  private Connection around(Connection connection) {
    Set<String> done = new LinkedHashSet<>();
    return proxy(
        Connection.class,
        (method, args) -> {
          if (method.getName().equals("prepareStatement")) {
            note(String.valueOf(args[0]), done);
          }
          if (!method.getName().equals("commit")) {
            return method.invoke(connection, args);
          }
          String what =
              done.contains("fired") ? "fired" : done.stream().findFirst().orElse("other");
          done.clear();
          cross("before-" + what);
          Object result = method.invoke(connection, args);
          cross("after-" + what);
          return result;
        });
  }

  private static void note(String sql, Set<String> done) {
    if (sql.startsWith("DELETE FROM headwater.process_timer WHERE input_id")) {
      done.add("fired");
    } else if (sql.startsWith("DELETE FROM headwater.process_command")) {
      done.add("answered");
    } else if (sql.startsWith("UPDATE headwater.process_instance")
        || sql.startsWith("INSERT INTO headwater.process_instance")) {
      done.add("state");
    }
  }

  private interface Call {
    Object on(java.lang.reflect.Method method, Object[] args) throws Exception;
  }

  private static <T> T proxy(Class<T> type, Call call) {
    return type.cast(
        Proxy.newProxyInstance(
            Steps.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              try {
                return call.on(method, args);
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNullElse(e.getCause(), e);
              }
            }));
  }

  <S extends ReadPartitions & DeliverToGroup> Store aroundStore(S store) {
    return new Store(this, store, store);
  }

  /** The store, with the steps of acknowledging. */
  record Store(Steps steps, ReadPartitions partitions, DeliverToGroup groups)
      implements ReadPartitions, DeliverToGroup {
    @Override
    public int partitionCount() {
      return partitions.partitionCount();
    }

    @Override
    public int partitionOf(StreamId stream) {
      return partitions.partitionOf(stream);
    }

    @Override
    public Position head(int partition) {
      return partitions.head(partition);
    }

    @Override
    public Deliveries deliver(DeliverySpec spec) {
      Deliveries deliveries = groups.deliver(spec);
      return new Deliveries() {
        @Override
        public List<Delivered> poll(Duration maxWait) {
          return deliveries.poll(maxWait);
        }

        @Override
        public void acknowledge(Collection<Delivered> handled) {
          steps.cross("before-ack");
          deliveries.acknowledge(handled);
          steps.cross("after-ack");
        }

        @Override
        public boolean holds(Delivered delivered) {
          return deliveries.holds(delivered);
        }

        @Override
        public List<Position> acknowledged() {
          return deliveries.acknowledged();
        }

        @Override
        public void close() {
          deliveries.close();
        }
      };
    }
  }
}
