package io.github.scyllapgcdc.ops;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.ArrayList;
import java.util.List;

/**
 * Logback's word {@code %cause}: an event's exception and its causes on the event's own line, so that one event is one
 * line; with {@code --verbose} (system property {@code log.exceptions=full}) the whole stack trace.
 */
public final class OneLineThrowable extends ThrowableHandlingConverter {
    private static final String SEPARATOR = " ← ";
    private final ThrowableProxyConverter full = new ThrowableProxyConverter();
    private boolean verbose;

    @Override
    public void start() {
        verbose = "full".equals(System.getProperty("log.exceptions"));
        full.start();
        super.start();
    }

    @Override
    public String convert(ILoggingEvent event) {
        if (event.getThrowableProxy() == null) {
            return "";
        }
        if (verbose) {
            return System.lineSeparator() + full.convert(event).stripTrailing();
        }
        List<String> chain = new ArrayList<>();
        String said = event.getFormattedMessage();
        for (IThrowableProxy t = event.getThrowableProxy(); t != null && !t.isCyclic(); t = t.getCause()) {
            String message = t.getMessage() == null ? "" : t.getMessage().replaceAll("\\s*\\R\\s*", " ");
            // Wrappers repeat their cause's message: each is said once
            if (message.isEmpty() || !said.contains(message)) {
                String type = t.getClassName().substring(t.getClassName().lastIndexOf('.') + 1);
                chain.add(message.isEmpty() ? type : type + ": " + message);
                said += message;
            }
        }
        return chain.isEmpty() ? "" : SEPARATOR + String.join(SEPARATOR, chain);
    }
}
