package io.github.scyllapgcdc.dev;

import java.time.Duration;

/** Follows a stack while it starts and runs. Called from several threads at once. */
public interface StackListener {
    /** A listener that wants to know nothing. */
    StackListener SILENT = new StackListener() {};

    /** The server's libraries are being looked for in the local Maven repository, or fetched. */
    default void resolving(Server server) {}

    /** A library came from a remote repository, not from the local one. */
    default void downloaded(String library, long milliseconds) {}

    /** Its process was started and will listen on this port. */
    default void starting(Server server, int port) {}

    /** It answers; {@code took} counts from the moment the stack began to start. */
    default void ready(Server server, Duration took) {}

    /** Its process ended although nobody asked for it. */
    default void ended(Server server, int exitCode) {}
}
