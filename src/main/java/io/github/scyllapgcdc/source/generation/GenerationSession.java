package io.github.scyllapgcdc.source.generation;

import com.scylladb.cdc.cql.CQLConfiguration;
import com.scylladb.cdc.cql.MasterCQL;
import com.scylladb.cdc.cql.driver3.Driver3MasterCQL;
import com.scylladb.cdc.cql.driver3.Driver3Session;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * scylla-cdc-java's own session, of driver 3, which reads the table of generations and nothing else. That driver waits longer and
 * longer before it looks for a cluster that was away, up to ten minutes, and its library lets nobody change that. So a session
 * without a connection is not waited for but replaced.
 */
public final class GenerationSession implements AutoCloseable {
    private final CQLConfiguration config;
    private final MasterCQL generations;
    private Session session;
    private MasterCQL reading;

    public GenerationSession(CQLConfiguration config) {
        this.config = config;
        this.generations = (MasterCQL)
                Proxy.newProxyInstance(MasterCQL.class.getClassLoader(), new Class<?>[] {MasterCQL.class}, this::ask);
    }

    /** Where generations are read; stays usable over all that happens to the cluster. Connects, or fails, now. */
    public MasterCQL connected() {
        reading();
        return generations;
    }

    private Object ask(Object proxy, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(reading(), args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private synchronized MasterCQL reading() {
        if (session == null || !session.connected()) {
            close();
            session = new Session(config);
            reading = new Driver3MasterCQL(session);
        }
        return reading;
    }

    @Override
    public synchronized void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }

    private static final class Session extends Driver3Session {
        private Session(CQLConfiguration config) {
            super(config);
        }

        private boolean connected() {
            return !getDriverSession().getState().getConnectedHosts().isEmpty();
        }
    }
}
