package dev.headwater.projection.test;

import dev.headwater.codec.EventCodec;
import dev.headwater.projection.EventHandlers;
import dev.headwater.projection.Projection;
import dev.headwater.readmodel.Table;
import java.util.List;

/** Electricity meters; a projection with two tables. */
class Meters implements Projection {
  record Read(long amount) {}

  record Assigned(String owner) {}

  record Broken(String why) {}

  static final EventCodec CODEC =
      EventCodec.builder()
          .event("Read", 1, Read.class)
          .event("Assigned", 1, Assigned.class)
          .event("Broken", 1, Broken.class)
          .build();

  static final Table METER =
      Table.named("meter").key("meter").columns("total", "last", "owner", "read_at");
  static final Table READING = Table.appendOnly("reading").columns("meter", "amount");

  @Override
  public String name() {
    return "meters";
  }

  @Override
  public List<String> migrations() {
    return List.of("classpath:db/meters");
  }

  @Override
  public List<Table> tables() {
    return List.of(METER, READING);
  }

  @Override
  public void define(EventHandlers on) {
    on.event(
        Read.class,
        (event, recorded, rows) -> {
          String meter = recorded.stream().id();
          rows.at(METER, meter)
              .add("total", event.amount())
              .set("last", event.amount())
              .set("read_at", recorded.metadata().time());
          rows.append(READING).set("meter", meter).set("amount", event.amount());
        });
    on.event(
        Assigned.class,
        (event, recorded, rows) ->
            rows.at(METER, recorded.stream().id()).set("owner", event.owner()));
    on.event(
        Broken.class,
        (event, recorded, rows) -> {
          throw new IllegalStateException("meter is broken: " + event.why());
        });
  }
}
