package io.github.scyllapgcdc.reconcile.route;

import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.TopicConfig;
import io.github.scyllapgcdc.reconcile.RunStatus;
import io.github.scyllapgcdc.topic.TopicCreation;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Handler;
import org.apache.camel.ProducerTemplate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/**
 * The reports of runs: a run that ended goes to {@code direct:reconciliation-report}, and the route there calls this as the bean
 * {@code reconciliationReports} for what goes to Kafka.
 */
public final class RunReports implements Consumer<RunStatus> {
    /** The name of the bean. */
    public static final String BEAN = "reconciliationReports";

    static final String ROUTE = "direct:reconciliation-report";
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final ProducerTemplate template;
    private final KafkaConfig kafka;
    private final TopicConfig topics;
    private boolean created;

    RunReports(CamelContext context, KafkaConfig kafka, TopicConfig topics) {
        this.template = context.createProducerTemplate();
        this.kafka = kafka;
        this.topics = topics;
    }

    @Override
    public void accept(RunStatus ended) {
        template.sendBody(ROUTE, ended);
    }

    /**
     * The report of a run, once the topic for it is there.
     *
     * @throws KafkaException if the topic cannot be created
     */
    @Handler
    public RunReport report(RunStatus run) throws InterruptedException {
        createTopic();
        return RunReport.of(run);
    }

    private synchronized void createTopic() throws InterruptedException {
        if (created) {
            return;
        }
        Properties properties = kafka.adminProperties();
        properties.putIfAbsent("default.api.timeout.ms", Long.toString(ANSWER.toMillis()));
        properties.putIfAbsent("request.timeout.ms", Long.toString(ANSWER.toMillis()));
        try (Admin admin = Admin.create(properties)) {
            TopicCreation.ensure(admin, ReportTopic.definition(topics.replicationFactor()));
            created = true;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        }
    }
}
