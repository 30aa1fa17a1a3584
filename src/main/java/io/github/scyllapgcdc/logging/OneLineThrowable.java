package io.github.scyllapgcdc.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.ArrayList;
import java.util.List;

/**
 * An event's exception and its causes on one line; with {@code --verbose} (system property {@code log.exceptions=full}) the whole
 * stack trace. Logback's word {@code %cause{behind}} is the same behind a message, on the event's own line.
 */
public final class OneLineThrowable extends ThrowableHandlingConverter {
    private static final String SEPARATOR = " ← ";
    private final ThrowableProxyConverter full = new ThrowableProxyConverter();
    private boolean verbose;
    private boolean behindMessage;

    @Override
    public void start() {
        verbose = "full".equals(System.getProperty("log.exceptions"));
        behindMessage = "behind".equals(getFirstOption());
        full.start();
        super.start();
    }

    @Override
    public String convert(ILoggingEvent event) {
        if (event.getThrowableProxy() == null) {
            return "";
        }
        if (verbose) {
            return (behindMessage ? System.lineSeparator() : "")
                    + full.convert(event).stripTrailing();
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
        String causes = String.join(SEPARATOR, chain);
        return behindMessage && !chain.isEmpty() ? SEPARATOR + causes : causes;
    }
}
