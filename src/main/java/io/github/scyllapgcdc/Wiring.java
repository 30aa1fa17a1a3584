package io.github.scyllapgcdc;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.VaultConfig;
import io.github.scyllapgcdc.connect.ConnectApi;
import io.github.scyllapgcdc.connect.Deployments;
import io.github.scyllapgcdc.connectors.ConnectorMeters;
import io.github.scyllapgcdc.connectors.Connectors;
import io.github.scyllapgcdc.connectors.DesiredStates;
import io.github.scyllapgcdc.connectors.StatusReport;
import io.github.scyllapgcdc.deploy.RouteFolder;
import io.github.scyllapgcdc.ops.ApiGuard;
import io.github.scyllapgcdc.ops.Health;
import io.github.scyllapgcdc.ops.JolokiaLogin;
import io.github.scyllapgcdc.ops.RouteFiles;
import io.github.scyllapgcdc.ops.RouteStates;
import io.github.scyllapgcdc.ops.ServerMeters;
import io.github.scyllapgcdc.ops.ServerWait;
import io.github.scyllapgcdc.ops.Servers;
import io.github.scyllapgcdc.ops.TablesLoaded;
import io.github.scyllapgcdc.ops.Watchdog;
import io.github.scyllapgcdc.secrets.CamelSettings;
import io.github.scyllapgcdc.secrets.Logins;
import io.github.scyllapgcdc.secrets.Rotation;
import io.github.scyllapgcdc.secrets.VaultSecrets;
import io.github.scyllapgcdc.sink.SinkBacklog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.platform.http.main.ManagementHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.spi.Registry;
import org.apache.camel.util.IOHelper;

/** Reads the configuration and binds what routes and components look up, at the moments that Camel Main offers. */
class Wiring extends MainListenerSupport {
    static final String KAFKA_SOURCE = "kafka-source";
    static final String KAFKA_SINK = "kafka-sink";
    private static final String SOURCE_SCHEME = "scylla-cdc:";

    private final BooleanSupplier stopping;
    private final Consumer<ConfigurationException> fatal;
    private volatile boolean configured;
    private VaultSecrets secrets;
    private Rotation rotation;
    private Beans beans;
    private Servers servers;
    private Health health;
    private RouteFiles routeFiles;
    private Watchdog watchdog;
    private DesiredStates desired;
    private RouteStates routes;
    private ApiGuard guard;

    /**
     * @param stopping tells whether the process has been asked to stop
     * @param fatal ends the process because of a configuration that only turned out to be wrong later on
     */
    Wiring(BooleanSupplier stopping, Consumer<ConfigurationException> fatal) {
        this.stopping = stopping;
        this.fatal = fatal;
    }

    /** Whether the configuration was read and found usable. */
    boolean configured() {
        return configured;
    }

    @Override
    public void beforeInitialize(BaseMainSupport main) {
        prepare(main.getCamelContext());
    }

    /** What has to be there before Camel reads its own properties. */
    final void prepare(CamelContext context) {
        PropertiesComponent properties = context.getPropertiesComponent();
        Properties camel = properties.loadProperties(name -> name.startsWith("camel."));
        if (camel.isEmpty()) {
            throw new ConfigurationException("no application.properties with a camel.* property found in "
                    + System.getProperty("user.dir") + ": start in the folder that holds it and routes/");
        }
        overrideByEnvironment(properties, camel);
        secrets = new VaultSecrets(() -> VaultConfig.of(new Settings(new CamelSettings(context))), stopping);
        properties.addPropertiesFunction(secrets);
        // Two components of one kind: each half of the pipeline has its own safe options, set once in
        // application.properties under camel.component.kafka-source.* and camel.component.kafka-sink.*
        context.addComponent(KAFKA_SOURCE, new KafkaComponent());
        context.addComponent(KAFKA_SINK, new KafkaComponent());
    }

    /**
     * Camel takes no environment variable that ends in {@code _PORT} for one of its own properties (Kubernetes makes such
     * names), and needs the exact letter case of the rest; here every camel.* property that application.properties holds
     * can be overridden like all others.
     */
    private static void overrideByEnvironment(PropertiesComponent properties, Properties camel) {
        for (String name : camel.stringPropertyNames()) {
            String value = IOHelper.lookupEnvironmentVariable(name);
            if (value != null) {
                properties.addOverrideProperty(name, value);
            }
        }
    }

    @Override
    public void afterConfigure(BaseMainSupport main) {
        CamelContext context = main.getCamelContext();
        CamelSettings settings = new CamelSettings(context);
        Logins logins = new Logins(settings, CdcConfig.of(new Settings(settings)));
        CdcConfig config = logins.config();
        secrets.started();
        rotation = logins.rotation(secrets);
        beans = new Beans(config);
        bind(context, config);
        for (String name : List.of(KAFKA_SOURCE, KAFKA_SINK)) {
            KafkaComponent kafka = context.getComponent(name, KafkaComponent.class);
            kafka.getConfiguration()
                    .getAdditionalProperties()
                    .putAll(config.kafka().clientProperties());
        }
        if (!config.source().enabled()) {
            // Camel starts the producers of a route that it only loads; a transactional one would fence its namesake,
            // which
            // is at work in another instance
            context.getComponent(KAFKA_SOURCE, KafkaComponent.class).setLazyStartProducer(true);
        }
        requireCertificate(main);
        serveRoutesOnServerPort(main);
        protectJolokia(main, config);
        Predicate<Route> mayRun = route -> config.source().enabled()
                || !route.getEndpoint().getEndpointUri().startsWith(SOURCE_SCHEME);
        servers = new Servers(config, beans.scylla, beans.schemaRegistry, context.createProducerTemplate());
        desired = new DesiredStates(context, beans.dataSource);
        routes = new RouteStates(context, mayRun, desired);
        health = new Health(servers.all(), routes, rotation::status);
        context.getRegistry().bind("health", health);
        routeFiles = routeFiles(context, config, mayRun);
        watchdog = new Watchdog(context, config.watchdog(), routeFiles::start);
        guard = new ApiGuard(context, config.api());
        context.addLifecycleStrategy(guard);
        bindConnectors(context, config);
        HealthCheckRegistry.get(context).register(new TablesLoaded(routes::loaded));
        context.addLifecycleStrategy(new ConnectorMeters(context, routes));
        configured = true;
    }

    /** Camel would serve plain text instead, without a word. */
    private static void requireCertificate(BaseMainSupport main) {
        boolean server = main.configure().httpServer().isUseGlobalSslContextParameters();
        boolean management = main.configure().httpManagementServer().isUseGlobalSslContextParameters();
        if ((server || management) && main.getCamelContext().getSSLContextParameters() == null) {
            throw new ConfigurationException("camel." + (server ? "server" : "management")
                    + ".useGlobalSslContextParameters=true is refused: expected camel.ssl.enabled=true,"
                    + " camel.ssl.keyStore and camel.ssl.keystorePassword beside it");
        }
    }

    /**
     * With the management server there are two HTTP servers, and Camel then puts platform-http routes on port 8080,
     * whichever that is, unless it finds one server configuration in the registry.
     */
    private static void serveRoutesOnServerPort(BaseMainSupport main) {
        HttpServerConfigurationProperties given = main.configure().httpServer();
        VertxPlatformHttpServerConfiguration server = new VertxPlatformHttpServerConfiguration();
        server.setBindHost(given.getHost());
        server.setBindPort(given.getPort());
        server.setUseGlobalSslContextParameters(given.isUseGlobalSslContextParameters());
        main.getCamelContext().getRegistry().bind("platformHttpServer", server);
    }

    private static void protectJolokia(BaseMainSupport main, CdcConfig config) {
        ManagementHttpServer server = main.getCamelContext().hasService(ManagementHttpServer.class);
        if (server != null) {
            JolokiaLogin.require(
                    server, config.management(), main.configure().httpServer().getPort());
        }
    }

    private void bind(CamelContext context, CdcConfig config) {
        try {
            beans.bind(context, config);
        } catch (Exception e) {
            throw new IllegalStateException("the application's parts cannot be put together", e);
        }
    }

    /** What people operate the tables' routes with. */
    private void bindConnectors(CamelContext context, CdcConfig config) {
        Connectors connectors = new Connectors(context, routes, desired);
        SinkBacklog backlog = beans.backlog();
        Registry registry = context.getRegistry();
        registry.bind(DesiredStates.BEAN, desired);
        registry.bind(StatusReport.BEAN, new StatusReport(context, connectors, routes, backlog));
        registry.bind(
                ConnectApi.BEAN,
                new ConnectApi(
                        connectors,
                        new Deployments(new RouteFolder(config.routes().tables()), beans.scylla),
                        config.api().host() + ":" + config.api().port(),
                        backlog::clusterId));
    }

    private RouteFiles routeFiles(CamelContext context, CdcConfig config, Predicate<Route> mayRun) {
        try {
            return new RouteFiles(context, config.routes(), mayRun, desired);
        } catch (IOException e) {
            throw new ConfigurationException(
                    "routes.tables.directory=" + config.routes().tables() + " cannot be watched: " + e.getMessage(), e);
        }
    }

    /** The shared routes run; those of the tables follow once each server was there. */
    @Override
    public void afterStart(BaseMainSupport main) {
        if (!guard.stands()) {
            throw new IllegalStateException("nothing checks who asks over HTTP");
        }
        routes.follow(routeFiles, watchdog);
        desired.follow(routeFiles);
        watchdog.start();
        rotation.start();
        CamelContext context = main.getCamelContext();
        ServerMeters.register(
                context,
                new Settings(new CamelSettings(context)),
                beans.pools(),
                () -> routes.fileErrors().size(),
                rotation::readable,
                secrets::tokenExpires);
        Thread waiting = new Thread(this::loadTables, "startup");
        waiting.setDaemon(true);
        waiting.start();
    }

    private void loadTables() {
        try {
            if (new ServerWait(stopping).await(servers.all()) && desired.await(stopping)) {
                routeFiles.start();
            }
        } catch (ConfigurationException e) {
            fatal.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before the routes stop, so that none is started again behind their back. */
    @Override
    public void beforeStop(BaseMainSupport main) {
        watchdog.close();
        try {
            routeFiles.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        health.close();
    }

    @Override
    public void afterStop(BaseMainSupport main) {
        rotation.close();
        servers.close();
        beans.close();
        secrets.close();
    }
}
