/**
 * The command line, {@code ./cdc}: statements against the servers, deploying and removing tables, health. It talks to the
 * running application over HTTP and through route files; no package uses it. Errors are one line, exit code 1, or 2 for a
 * configuration that cannot be used.
 */
package io.github.scyllapgcdc.cli;
