package io.github.scyllapgcdc.fault;

import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import java.sql.SQLException;
import org.apache.kafka.common.errors.AuthorizationException;

/** Where an operator finds what has to be granted. */
public final class Privileges {
    private static final String INSUFFICIENT = "42501";

    private Privileges() {}

    /** What to add to the message of a refusal for want of a privilege; nothing to that of any other error. */
    public static String remedy(Throwable error) {
        if (error instanceof SQLException sql && INSUFFICIENT.equals(sql.getSQLState())) {
            return " (docker/postgres/grants.sql has what the role needs)";
        }
        if (error instanceof UnauthorizedException) {
            return " (docker/scylla/grants.cql has what the role needs)";
        }
        if (error instanceof AuthorizationException) {
            return " (docs/security.md has the ACLs that the user needs)";
        }
        return "";
    }
}
