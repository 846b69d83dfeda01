package dev.headwater.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.headwater.event.StreamId;
import java.util.zip.CRC32;

/** Names of the store's keys, and which partition a stream belongs to. */
final class Keys {
  private final byte[][] streamPrefixes;
  private final byte[][] snapshotPrefixes;
  private final byte[][] logs;
  private final byte[][] heads;
  private final byte[][] ids;
  private final byte[][] idsBefore;

  Keys(String namespace, int partitions) {
    streamPrefixes = new byte[partitions][];
    snapshotPrefixes = new byte[partitions][];
    logs = new byte[partitions][];
    heads = new byte[partitions][];
    ids = new byte[partitions][];
    idsBefore = new byte[partitions][];
    for (int p = 0; p < partitions; p++) {
      String prefix = namespace + ":{" + p + "}:";
      streamPrefixes[p] = (prefix + "s:").getBytes(UTF_8);
      snapshotPrefixes[p] = (prefix + "snap:").getBytes(UTF_8);
      logs[p] = (prefix + "log").getBytes(UTF_8);
      heads[p] = (prefix + "head").getBytes(UTF_8);
      ids[p] = (prefix + "ids").getBytes(UTF_8);
      idsBefore[p] = (prefix + "ids-before").getBytes(UTF_8);
    }
  }

  static byte[] meta(String namespace) {
    return (namespace + ":meta").getBytes(UTF_8);
  }

  int partitions() {
    return logs.length;
  }

  /** CRC-32 (that of zlib) of the UTF-8 form of {@code <type>:<id>}, modulo the partitions. */
  int partitionOf(StreamId stream) {
    return partitionOf(name(stream));
  }

  static byte[] name(StreamId stream) {
    return stream.toString().getBytes(UTF_8);
  }

  int partitionOf(byte[] name) {
    CRC32 crc = new CRC32();
    crc.update(name);
    return (int) (crc.getValue() % logs.length);
  }

  byte[] stream(int partition, byte[] name) {
    return join(streamPrefixes[partition], name);
  }

  private static byte[] join(byte[] prefix, byte[] name) {
    byte[] key = new byte[prefix.length + name.length];
    System.arraycopy(prefix, 0, key, 0, prefix.length);
    System.arraycopy(name, 0, key, prefix.length, name.length);
    return key;
  }

  byte[] stream(StreamId stream) {
    byte[] name = name(stream);
    return stream(partitionOf(name), name);
  }

  byte[] snapshot(StreamId stream) {
    byte[] name = name(stream);
    return join(snapshotPrefixes[partitionOf(name)], name);
  }

  byte[] log(int partition) {
    return logs[partition];
  }

  byte[] head(int partition) {
    return heads[partition];
  }

  /** The newer half of the command ids that a partition keeps. */
  byte[] ids(int partition) {
    return ids[partition];
  }

  /** The older half of the command ids that a partition keeps. */
  byte[] idsBefore(int partition) {
    return idsBefore[partition];
  }
}
