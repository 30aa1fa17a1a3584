package io.github.scyllapgcdc.source.generation;

import com.scylladb.cdc.cql.CQLConfiguration;
import com.scylladb.cdc.cql.MasterCQL;
import com.scylladb.cdc.cql.driver3.Driver3MasterCQL;
import com.scylladb.cdc.cql.driver3.Driver3Session;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;

/**
 * scylla-cdc-java's own session, of driver 3, which reads the table of generations and nothing else. That driver waits longer and
 * longer before it looks for a cluster that was away, up to ten minutes, and its library lets nobody change that. So a session
 * without a connection is not waited for but replaced, and so is one whose log-in has changed.
 */
public final class GenerationSession implements AutoCloseable {
    private final Supplier<CQLConfiguration> config;
    private final MasterCQL generations;
    private Session session;
    private MasterCQL reading;
    private volatile boolean outdated;

    /** @param config how to connect, asked for anew each time */
    public GenerationSession(Supplier<CQLConfiguration> config) {
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
        if (session == null || outdated || !session.connected()) {
            close();
            outdated = false;
            session = new Session(config.get());
            reading = new Driver3MasterCQL(session);
        }
        return reading;
    }

    /** Has the next reader connect anew: the log-in is another one. */
    public void renew() {
        outdated = true;
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
