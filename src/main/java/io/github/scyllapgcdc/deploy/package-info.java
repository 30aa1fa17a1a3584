/**
 * Which tables are replicated: their route files, written, changed and removed by people's commands, and whether a table can be
 * replicated at all. Following the files is package ops' work.
 */
package io.github.scyllapgcdc.deploy;
