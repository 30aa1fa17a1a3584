package io.github.scyllapgcdc.source;

import com.datastax.oss.driver.api.core.DriverException;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.fault.ClassifiedError;
import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.Privileges;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.schema.StaleTypeException;
import io.github.scyllapgcdc.source.log.TableException;
import org.apache.kafka.common.KafkaException;

/** A source that can't go on. The message is one line for people: the thing, the value and the remedy. */
public final class SourceException extends RuntimeException implements ClassifiedError {
    private static final long serialVersionUID = 1L;

    /** What is to be done about it. */
    public enum Kind {
        /** May pass by itself, or somebody may mend it outside: try again, with pauses. */
        RETRY,
        /** Going on would lose or repeat changes, or needs a decision: stay stopped until the route is started by hand. */
        STOP
    }

    private final Kind kind;

    public SourceException(Kind kind, String message) {
        this(kind, message, null);
    }

    public SourceException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    @Override
    public ErrorClass errorClass() {
        return kind == Kind.RETRY ? ErrorClass.RETRY : ErrorClass.FATAL;
    }

    /** One line that says what failed: the message of the outermost exception that has one of its own. */
    public static String oneLine(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = t.getMessage();
            boolean wraps = t.getCause() != null
                    && message != null
                    && message.contains(t.getCause().getClass().getName());
            if (message != null && !message.isBlank() && !wraps) {
                String line = message.lines().findFirst().orElse(message);
                boolean forPeople = t instanceof SourceException
                        || t instanceof TableException
                        || t instanceof StaleTypeException
                        || t instanceof ConfigurationException
                        || t instanceof RegistryException;
                return forPeople ? line : server(t) + t.getClass().getSimpleName() + ": " + line + Privileges.remedy(t);
            }
        }
        return failure.getClass().getSimpleName();
    }

    /** The clients' own messages say what they waited for, and not whom. */
    private static String server(Throwable t) {
        return t instanceof DriverException ? "ScyllaDB: " : t instanceof KafkaException ? "Kafka: " : "";
    }
}
