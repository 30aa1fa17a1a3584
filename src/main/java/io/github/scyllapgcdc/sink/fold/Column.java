package io.github.scyllapgcdc.sink.fold;

import io.github.scyllapgcdc.schema.SqlType;

/** A column that events carry, and the type its values travel to Postgres as. */
public record Column(String name, SqlType type) {}
