package dev.headwater.projection;

import dev.headwater.readmodel.Table;
import java.util.List;

/** A projection's code under another version number: that of a rebuild. */
record AtVersion(Projection code, int version) implements Projection {
  static Projection of(Projection code, int version) {
    return code.version() == version ? code : new AtVersion(code, version);
  }

  @Override
  public String name() {
    return code.name();
  }

  @Override
  public List<String> migrations() {
    return code.migrations();
  }

  @Override
  public List<Table> tables() {
    return code.tables();
  }

  @Override
  public boolean lineage() {
    return code.lineage();
  }

  @Override
  public void define(EventHandlers on) {
    code.define(on);
  }
}
