/**
 * Running the application: waiting for its servers, loading the tables' route files and following their changes, health,
 * and the wording of failures. May use Camel and every package of the pipeline; none of them uses it.
 */
package io.github.scyllapgcdc.ops;
