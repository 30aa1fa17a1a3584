/**
 * The pipeline as people operate it: a connector is one table's source or sink, made of one or more routes (its tasks). Here is what
 * was decided of each, for all instances, in PostgreSQL, and how each stands; to whom it is told in which form is the business of
 * package connect and the command line.
 */
package io.github.scyllapgcdc.connectors;
