package io.github.scyllapgcdc.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.logstash.logback.composite.AbstractJsonProvider;

/**
 * The fields {@code route}, {@code table} and {@code change_id} of a JSON log line: what its message says of them, in the form
 * {@code table=ecommerce.users}, or else what its thread works for. A field of which nothing is known is left out.
 */
public final class SubjectJsonProvider extends AbstractJsonProvider<ILoggingEvent> {
    private static final List<Subject> SUBJECTS = List.of(
            new Subject("route", LogContext.ROUTE, "[Rr]oute[= ]([\\w.]+-[\\w.-]*\\w)"),
            new Subject("table", LogContext.TABLE, "(?:table|topic)=([\\w\"]+\\.[\\w.\"]+)"),
            new Subject("change_id", "", "change(?:Id)?=([\\w.:-]*:[\\w.:-]*\\w)"));

    private record Subject(String field, String contextKey, Pattern inMessage) {
        Subject(String field, String contextKey, String inMessage) {
            this(field, contextKey, Pattern.compile("(?<![\\w.])" + inMessage));
        }

        String of(ILoggingEvent event) {
            Matcher matcher = inMessage.matcher(event.getFormattedMessage());
            return matcher.find() ? matcher.group(1) : event.getMDCPropertyMap().get(contextKey);
        }
    }

    @Override
    public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
        for (Subject subject : SUBJECTS) {
            String value = subject.of(event);
            if (value != null) {
                json.writeStringField(subject.field(), value);
            }
        }
    }
}
