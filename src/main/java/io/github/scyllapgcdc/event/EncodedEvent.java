package io.github.scyllapgcdc.event;

/** An event's record key and value in the Confluent wire format: a zero byte, the schema's id as four bytes, Avro's binary. */
@SuppressWarnings("ArrayRecordComponent") // carries bytes to a producer; nothing compares it
public record EncodedEvent(byte[] key, byte[] value) {}
