package io.github.scyllapgcdc.pipeline;

import java.util.List;
import java.util.NavigableMap;

/**
 * A row in the model's canonical text.
 *
 * @param key the primary key's values, the partition key's first
 * @param partition the partition key's values
 * @param columns all columns by name
 */
record ModelRow(List<String> key, String partition, NavigableMap<String, String> columns) {}
