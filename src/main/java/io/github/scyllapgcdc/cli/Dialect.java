package io.github.scyllapgcdc.cli;

/** Whose rules of quoting and comments a text follows. */
enum Dialect {
    CQL,
    SQL
}
