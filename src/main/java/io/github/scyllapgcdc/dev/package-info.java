/**
 * The embedded stack: every server that the pipeline needs, resolved from Maven and started as child processes, for
 * {@code ./cdc dev} and for the integration tests; and the Hawtio console, which is had in the same way. Nothing of the
 * application may use this package; it is packed apart ({@code scylla-pg-cdc-dev.jar}) and reaches the application only
 * through its production configuration keys.
 */
package io.github.scyllapgcdc.dev;
