package io.github.scyllapgcdc.metrics;

import java.util.Locale;

/** The parts of a batch's way, of which each takes its share of the time. */
enum Stage {
    /** Waiting for a page of the source's log. */
    READ,
    /** Making records of a page. */
    ENCODE,
    /** One Kafka transaction, its commit included. */
    PRODUCE,
    /** Decoding records and folding them into one net change a row. */
    FOLD,
    /** The statements of one transaction. */
    APPLY,
    /** The target's commit. */
    COMMIT;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
