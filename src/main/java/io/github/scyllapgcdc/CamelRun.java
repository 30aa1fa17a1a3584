package io.github.scyllapgcdc;

import io.github.scyllapgcdc.config.ConfigurationException;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.model.TransactedDefinition;
import org.apache.camel.reifier.ProcessorReifier;

/**
 * The wiring for {@code camel run} of Camel JBang, which has a main of its own: {@code camel.main.mainListenerClasses}
 * names this class, see {@code jbang/}.
 */
public final class CamelRun extends Wiring implements CamelContextAware {
    private CamelContext context;

    public CamelRun() {
        super(() -> false, CamelRun::end);
    }

    private static void end(ConfigurationException failure) {
        System.err.println("scylla-pg-cdc: " + failure.getMessage());
        System.exit(Application.CONFIGURATION_ERROR);
    }

    /** Called as soon as Camel has made this: too late for {@link #beforeInitialize}, which is not called any more. */
    @Override
    public void setCamelContext(CamelContext camelContext) {
        context = camelContext;
        // Camel JBang puts a policy in the place of "transacted" that leaves out the steps behind it, for transactions
        // by JTA
        ProcessorReifier.registerReifier(TransactedDefinition.class, ProcessorReifier::coreReifier);
        prepare(camelContext);
    }

    @Override
    public CamelContext getCamelContext() {
        return context;
    }
}
