package io.github.scyllapgcdc.sink;

import io.github.scyllapgcdc.fault.ErrorClass;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What an error means to a table: the taxonomy's answer, and a stop where it has none. */
final class Errors {
    private final TargetTables tables;

    Errors(TargetTables tables) {
        this.tables = tables;
    }

    ErrorClass classify(Throwable error) {
        return ErrorTaxonomy.classify(error, this::isOnTargetKey).orElse(ErrorClass.FATAL);
    }

    private boolean isOnTargetKey(SQLException e) {
        ServerErrorMessage message = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
        return message != null
                && message.getConstraint() != null
                && tables.isKey(message.getSchema(), message.getTable(), message.getConstraint());
    }
}
