package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.fault.Privileges;
import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.ResolveEndpointFailedException;

/** One line for people out of an exception and its causes. */
public final class Failures {
    private static final String DUE_TO = " due to: ";

    private Failures() {}

    /**
     * The message of the first configuration error in the chain, else of the innermost cause, with its type where the
     * message alone says nothing.
     */
    public static String line(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable t : chain) {
            if (t instanceof ConfigurationException) {
                return oneLine(t.getMessage());
            }
            if (t instanceof ResolveEndpointFailedException failed) {
                // Each layer of Camel repeats the layer below behind these words
                String reason = oneLine(t.getMessage());
                return failed.getUri() + ": " + reason.substring(reason.lastIndexOf(DUE_TO) + DUE_TO.length());
            }
            if (t instanceof PropertyBindingException) {
                Throwable innermost = chain.get(chain.size() - 1);
                return oneLine(t.getMessage()) + (innermost == t ? "" : ": " + described(innermost));
            }
        }
        return described(chain.get(chain.size() - 1));
    }

    /** Whether the operator has to change the configuration or a route before a start can succeed. */
    public static boolean isConfiguration(Throwable thrown) {
        return chain(thrown).stream()
                .anyMatch(t -> t instanceof ConfigurationException
                        || t instanceof ResolveEndpointFailedException
                        || t instanceof PropertyBindingException
                        || t instanceof FailedToCreateRouteException);
    }

    /** The first cause of a type, or null. */
    public static <T extends Throwable> T cause(Throwable thrown, Class<T> type) {
        return chain(thrown).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElse(null);
    }

    private static String described(Throwable t) {
        String message = t.getMessage();
        if (t instanceof UnknownHostException) {
            return "unknown host " + message;
        }
        if (t instanceof BindException) {
            return "a port is taken (camel.server.port or camel.management.port): " + message;
        }
        if (t instanceof UnresolvedAddressException) {
            return "unknown host";
        }
        if (t instanceof ClosedChannelException || (t instanceof ConnectException && message == null)) {
            return "connection refused"; // how the JDK's HTTP client puts it
        }
        if (message == null || message.isBlank()) {
            return t.getClass().getSimpleName();
        }
        boolean tellsNothing = t instanceof NullPointerException || t instanceof ClassNotFoundException;
        return (tellsNothing ? t.getClass().getSimpleName() + ": " : "") + oneLine(message) + Privileges.remedy(t);
    }

    private static String oneLine(String message) {
        return message == null ? "" : message.strip().replaceAll("\\s*\\R\\s*", " ");
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        for (Throwable t = thrown; t != null && !chain.contains(t); t = t.getCause()) {
            chain.add(t);
        }
        return chain;
    }
}
