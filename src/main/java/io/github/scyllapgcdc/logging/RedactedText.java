package io.github.scyllapgcdc.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;

/** Logback's word {@code %redact(…)}: what is within, without secrets. */
public final class RedactedText extends CompositeConverter<ILoggingEvent> {
    @Override
    protected String transform(ILoggingEvent event, String in) {
        return Redaction.of(in);
    }
}
