package io.github.scyllapgcdc.schema;

/**
 * How elements of a column's value are added and removed in Postgres.
 *
 * @param function SQL function of {@code cdc_metadata} that takes the value there is, what is added and what is removed, and
 *     gives the new value, null when nothing is left
 * @param removed the type of the removed elements
 */
public record ElementSql(String function, SqlType removed) {}
