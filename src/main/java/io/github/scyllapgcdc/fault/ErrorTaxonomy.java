package io.github.scyllapgcdc.fault;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.github.scyllapgcdc.config.ConfigurationException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.vault.VaultException;
import org.springframework.web.client.RestClientResponseException;

/**
 * The one place that decides what an error means, of whichever server: by its SQLSTATE where it has one, by its type otherwise.
 * docs/guarantees.md has the same as a table.
 */
public final class ErrorTaxonomy {
    private static final int SERVER_ERROR = 500;

    private ErrorTaxonomy() {}

    /** The class of an error, or of the first of its causes that is known; empty if none is. */
    public static Optional<ErrorClass> classify(Throwable error) {
        return classify(error, sql -> false);
    }

    /**
     * The same where a table is written to.
     *
     * @param onTargetKey whether a unique violation is of the target's own primary key, see {@link SqlStates#classify}
     */
    public static Optional<ErrorClass> classify(Throwable error, Predicate<SQLException> onTargetKey) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            Optional<ErrorClass> known = known(e, onTargetKey);
            if (known.isPresent()) {
                return known;
            }
        }
        return Optional.empty();
    }

    private static Optional<ErrorClass> known(Throwable e, Predicate<SQLException> onTargetKey) {
        if (e instanceof ClassifiedError own) {
            return Optional.of(own.errorClass());
        }
        if (e instanceof SQLException sql) {
            return Optional.of(ofSql(sql, onTargetKey));
        }
        if (e instanceof KafkaException kafka) {
            return ofKafka(kafka);
        }
        if (e instanceof DriverException driver) {
            return Optional.of(ofCql(driver));
        }
        if (e instanceof RestClientResponseException vault) {
            boolean passes = vault.getStatusCode().value() >= SERVER_ERROR; // 503: sealed, or a standby
            return Optional.of(passes ? ErrorClass.RETRY : ErrorClass.FATAL);
        }
        boolean refused = e instanceof ConfigurationException || e instanceof VaultException;
        if (refused && e.getCause() == null) { // with a cause that decides, such as ScyllaDB's refusal of a log-in
            return Optional.of(ErrorClass.FATAL);
        }
        boolean passes = e instanceof RejectedExecutionException // something is being stopped
                || e instanceof InterruptedException
                || e instanceof TimeoutException
                || e instanceof IOException;
        return passes ? Optional.of(ErrorClass.RETRY) : Optional.empty();
    }

    private static ErrorClass ofSql(SQLException e, Predicate<SQLException> onTargetKey) {
        if (e.getSQLState() == null) {
            return ErrorClass.RETRY; // not the server's word but the pool's or the driver's: no connection, or it broke
        }
        return SqlStates.classify(e.getSQLState(), onTargetKey.test(e));
    }

    /** A plain KafkaException is only a wrapper; its cause decides. */
    private static Optional<ErrorClass> ofKafka(KafkaException e) {
        if (e.getClass() == KafkaException.class && e.getCause() != null) {
            return Optional.empty();
        }
        if (e instanceof SerializationException || e instanceof RecordTooLargeException) {
            return Optional.of(ErrorClass.POISON);
        }
        boolean needsSomebody = e instanceof AuthorizationException
                || e instanceof InvalidTopicException
                || e instanceof UnsupportedVersionException
                || e instanceof FencedInstanceIdException;
        if (needsSomebody) {
            return Optional.of(ErrorClass.FATAL);
        }
        // most of them are retriable by Kafka's own word; of a log-in somebody may just be changing the password; and
        // after
        // any other a new client starts from what is committed
        return Optional.of(ErrorClass.RETRY);
    }

    /**
     * An invalid query is not among the refusals: the table was changed, or dropped and made again, and its shape is read
     * before the next attempt.
     */
    private static ErrorClass ofCql(DriverException e) {
        if (e instanceof AllNodesFailedException all && !all.getAllErrors().isEmpty()) {
            boolean refused =
                    all.getAllErrors().values().stream().flatMap(List::stream).allMatch(ErrorTaxonomy::isRefusal);
            return refused ? ErrorClass.FATAL : ErrorClass.RETRY;
        }
        return isRefusal(e) ? ErrorClass.FATAL : ErrorClass.RETRY;
    }

    private static boolean isRefusal(Throwable e) {
        return e instanceof UnauthorizedException || e instanceof SyntaxError;
    }

    /** The SQLSTATE of an error or of one of its causes. */
    public static Optional<String> sqlState(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof SQLException sql && sql.getSQLState() != null) {
                return Optional.of(sql.getSQLState());
            }
        }
        return Optional.empty();
    }

    /** Why, on one line: in our own words where there are some, else in the innermost error's. */
    public static String reason(Throwable error) {
        Throwable cause = error;
        while (beneath(cause) != null && !(cause instanceof ClassifiedError)) {
            cause = beneath(cause);
        }
        String message = cause.getMessage() == null ? cause.getClass().getName() : cause.getMessage();
        return message.replaceAll("\\s*\\R\\s*", "; ") + Privileges.remedy(cause);
    }

    /** What an error came of: where the rollback failed as well, what it was for, rather than that the connection is closed. */
    private static Throwable beneath(Throwable error) {
        return error instanceof TransactionSystemException rollback && rollback.getApplicationException() != null
                ? rollback.getApplicationException()
                : error.getCause();
    }
}
