package io.github.scyllapgcdc.fault;

import java.util.Set;

/** What Postgres' error codes mean, see PostgreSQL's manual, appendix A. */
public final class SqlStates {
    public static final String UNIQUE_VIOLATION = "23505";

    /** Whole classes: connection exception, transaction rollback, insufficient resources, system error. */
    private static final Set<String> RETRIED_CLASSES = Set.of("08", "40", "53", "58");

    private static final Set<String> RETRIED = Set.of(
            "25006", // read only: a standby, until it is promoted or the host name points elsewhere
            "25P02", // in a failed transaction
            "25P03", // idle in transaction for too long
            "25P04", // transaction for too long
            "55006", // object in use
            "55P03", // lock not available in time
            "57014", // statement took too long
            "57P01", // shutdown by the administrator
            "57P02", // crash shutdown
            "57P03", // starting up or shutting down
            "57P05", // idle session ended
            "28000", // log-in refused, also by pg_hba.conf
            "28P01", // wrong password: it may be about to be changed on both sides
            // another instance, or a person, changed the table meanwhile: the next attempt reads the catalog again
            "26000",
            "3F000",
            "42701",
            "42703",
            "42704",
            "42710",
            "42P01",
            "42P05",
            "42P06",
            "42P07",
            "XX000"); // "tuple concurrently updated" and other effects of concurrent DDL

    /** A key that is longer than an index takes, among others. */
    private static final String PROGRAM_LIMIT = "54000";

    private static final String INVALID_AUTHORIZATION = "28";

    private SqlStates() {}

    /** Whether the server refused the user or the password. */
    public static boolean isRefusedLogin(String state) {
        return state.startsWith(INVALID_AUTHORIZATION);
    }

    /**
     * The class of an error.
     *
     * @param state the five characters, or null if the driver gave none
     * @param onTargetKey whether a unique violation is of the table's own primary key (or of the catalog's): two
     *     transactions inserted the same row at once, and the next attempt finds it there
     */
    public static ErrorClass classify(String state, boolean onTargetKey) {
        if (state == null || state.length() != 5) {
            return ErrorClass.FATAL;
        }
        if (RETRIED.contains(state) || RETRIED_CLASSES.contains(state.substring(0, 2))) {
            return ErrorClass.RETRY;
        }
        if (state.equals(UNIQUE_VIOLATION) && onTargetKey) {
            return ErrorClass.RETRY;
        }
        if (state.equals(PROGRAM_LIMIT)) {
            return ErrorClass.POISON;
        }
        return switch (state.substring(0, 2)) { // data exception, integrity constraint violation
            case "22", "23" -> ErrorClass.POISON;
            default -> ErrorClass.FATAL;
        };
    }
}
