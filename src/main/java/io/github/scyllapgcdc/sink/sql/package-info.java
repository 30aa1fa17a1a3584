/**
 * The text of the sink's SQL: table names, the statements that apply a segment, the ones that create and widen tables, and
 * what a SQLSTATE means. Pure; runs nothing.
 */
package io.github.scyllapgcdc.sink.sql;
