package io.github.scyllapgcdc.source.log;

import java.util.List;

/**
 * A page of log rows.
 *
 * @param unit what it was read for; pages of one unit come in order, among pages of others
 * @param columns the rows' columns, in order
 * @param rows the rows
 * @param size how many they are
 * @param last whether the unit has no further page
 */
public record LogPage(ReadUnit unit, List<LogColumn> columns, Iterable<LogRow> rows, int size, boolean last) {}
