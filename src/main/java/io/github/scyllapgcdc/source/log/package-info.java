/**
 * The CDC log itself: which columns it has, how its rows decode into changes, and how its pages are read over CQL. Uses the
 * CQL driver; knows neither Camel nor Kafka. The format is described in ScyllaDB's manual under "CDC Log Table".
 */
package io.github.scyllapgcdc.source.log;
