package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.deadletter.DeadLetterException;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import io.github.scyllapgcdc.sink.sql.ErrorClass;
import io.github.scyllapgcdc.sink.sql.SqlStates;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.RetriableException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** The one place that decides what an error means: by its SQLSTATE where it has one, by its type otherwise. */
final class Errors {
    private final TargetTables tables;

    Errors(TargetTables tables) {
        this.tables = tables;
    }

    /** The class of an error, or of the first of its causes that is known. */
    ErrorClass classify(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            Optional<ErrorClass> known = known(e);
            if (known.isPresent()) {
                return known.get();
            }
        }
        return ErrorClass.FATAL;
    }

    private Optional<ErrorClass> known(Throwable e) {
        if (e instanceof SQLException sql) {
            return Optional.of(ofSql(sql));
        }
        if (e instanceof RegistryException registry) {
            return Optional.of(ofRegistry(registry));
        }
        if (e instanceof EventFormatException) {
            return Optional.of(ErrorClass.POISON);
        }
        if (e instanceof TableStoppedException) {
            return Optional.of(ErrorClass.FATAL);
        }
        boolean passes = e instanceof DeadLetterException
                || e instanceof ResumeException
                || e instanceof RetriableException
                || e instanceof RejectedExecutionException
                || e instanceof InterruptedException
                || e instanceof TimeoutException
                || e instanceof IOException;
        return passes ? Optional.of(ErrorClass.RETRY) : Optional.empty();
    }

    private ErrorClass ofSql(SQLException e) {
        if (e.getSQLState() == null) {
            // not the server's word but the pool's or the driver's: no connection, or one that broke
            return ErrorClass.RETRY;
        }
        return SqlStates.classify(e.getSQLState(), isOnTargetKey(e));
    }

    private static ErrorClass ofRegistry(RegistryException e) {
        return switch (e.reason()) {
            case UNAVAILABLE -> ErrorClass.RETRY;
            case UNKNOWN_ID -> ErrorClass.POISON;
            case UNAUTHORIZED, REJECTED -> ErrorClass.FATAL;
        };
    }

    private boolean isOnTargetKey(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return message != null
                && message.getConstraint() != null
                && tables.isKey(message.getSchema(), message.getTable(), message.getConstraint());
    }

    /** The SQLSTATE of an error or of one of its causes. */
    static Optional<String> sqlState(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }

    /** The innermost error's own words, on one line. */
    static String reason(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        return message.replaceAll("\\s*\\R\\s*", "; ");
    }
}
