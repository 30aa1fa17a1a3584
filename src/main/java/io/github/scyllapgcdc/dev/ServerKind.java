package io.github.scyllapgcdc.dev;

import java.util.List;

/** How one of the servers is laid out on disk, started, and asked whether it answers. Used by one thread at a time. */
interface ServerKind {
    Server server();

    /** Finds its libraries, writes its configuration, formats its storage where there is none. */
    void prepare(Libraries libraries) throws Exception;

    /** The port that clients use; known once prepared. */
    int port();

    /** The command line of its process, which stays in the foreground and ends when its standard input closes. */
    List<String> command();

    /** Returns when the server answers in its own protocol, and throws when it does not yet. */
    void check() throws Exception;

    /** Gives a server that answers what the stack promises to have in it; harmless when it is there already. */
    default void settle() throws Exception {}
}
