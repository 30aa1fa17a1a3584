/**
 * Reading rows from the table itself rather than its log: which ones a load still has to read and from where on the log
 * follows them, the queries, and the events made of the rows. Knows no Kafka and no Camel.
 */
package io.github.scyllapgcdc.source.load;
