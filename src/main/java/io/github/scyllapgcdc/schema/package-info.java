/**
 * The one place where types are mapped: CQL to the event's Avro types ({@link io.github.scyllapgcdc.schema.CqlTypes}, used by
 * the source), the event's Avro types to SQL ({@link io.github.scyllapgcdc.schema.SqlTypes}, used by the sink) and back ({@link
 * io.github.scyllapgcdc.schema.SqlBinary}), and the form in which values of both sides are compared ({@link
 * io.github.scyllapgcdc.schema.Canonical}).
 */
package io.github.scyllapgcdc.schema;
