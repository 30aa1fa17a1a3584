package io.github.scyllapgcdc.ops;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Ready when the servers have answered and the tables' routes were loaded. A server that goes down later makes nothing unready: the
 * routes wait for it, and the interface that says so must be reached.
 */
public final class TablesLoaded extends AbstractHealthCheck {
    private final BooleanSupplier loaded;

    public TablesLoaded(BooleanSupplier loaded) {
        super("scylla-pg-cdc", "tables");
        this.loaded = loaded;
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        if (loaded.getAsBoolean()) {
            builder.up();
        } else {
            builder.message("waiting for the servers; the tables' routes are not loaded yet")
                    .down();
        }
    }
}
