/**
 * How routes, HTTP and meters meet reconciliation: the beans of {@code routes/reconcile.camel.yaml}, the report of each run and its
 * figures. Knows of the engine its interface alone.
 */
package io.github.scyllapgcdc.reconcile.route;
