package io.github.scyllapgcdc.logging;

import com.fasterxml.jackson.core.JsonStreamContext;
import net.logstash.logback.mask.ValueMasker;

/** Takes secrets out of every text of a JSON log line. */
public final class RedactedValue implements ValueMasker {
    @Override
    public Object mask(JsonStreamContext context, Object value) {
        if (value instanceof CharSequence) {
            String text = value.toString();
            String shown = Redaction.of(text);
            return shown.equals(text) ? null : shown; // null: written as it is
        }
        return null;
    }
}
