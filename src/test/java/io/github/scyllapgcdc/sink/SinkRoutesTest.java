package io.github.scyllapgcdc.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Handler;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.mock.MockComponent;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.main.MainConfigurationProperties;
import org.apache.camel.spi.Registry;
import org.apache.camel.support.DefaultMessage;
import org.apache.camel.test.main.junit5.CamelMainTestSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** The sink's route files as they are, with what they call replaced at its edges. */
class SinkRoutesTest extends CamelMainTestSupport {
    private static final String BATCH = "batch";

    private final List<String> story = new ArrayList<>();
    private int failuresToCome;
    private boolean retry = true;

    @Override
    public boolean isUseAdviceWith() {
        return true;
    }

    @Override
    protected void configure(MainConfigurationProperties main) {
        main.withRoutesIncludePattern("file:routes/postgres-sink.camel.yaml,file:routes/dead-letter.camel.yaml");
    }

    @Override
    protected Properties useOverridePropertiesWithPropertiesComponent() {
        return new Properties();
    }

    @Override
    protected void bindToRegistry(Registry registry) {
        KafkaComponent kafka = new KafkaComponent();
        kafka.getConfiguration().setBrokers("127.0.0.1:1");
        registry.bind(Sink.KAFKA_COMPONENT, kafka);
        registry.bind("transactionManager", new RecordingTransactions());
        registry.bind("sinkRetry", new Retry());
        registry.bind("sinkOffsets", new Offsets());
        registry.bind("postgres-sink", new MockComponent());
    }

    @BeforeEach
    void replaceTheEdges() throws Exception {
        AdviceWith.adviceWith(context, "dead-letter", route -> route.mockEndpointsAndSkip("kafka-sink:*"));
        context.start();
        MockEndpoint sink = context.getEndpoint("postgres-sink:dataSource", MockEndpoint.class);
        sink.whenAnyExchangeReceived(exchange -> {
            story.add("apply");
            if (failuresToCome-- > 0) {
                throw new IllegalStateException("no");
            }
        });
    }

    @Test
    void batchIsAppliedInATransactionAndThenItsOffsetsAreCommitted() {
        template.sendBody("direct:postgres-sink", BATCH);

        assertThat(story).containsExactly("begin", "apply", "commit", "offsets");
    }

    @Test
    void eachAttemptIsATransactionOfItsOwn() {
        failuresToCome = 2;

        template.sendBody("direct:postgres-sink", BATCH);

        assertThat(story)
                .containsExactly(
                        "begin",
                        "apply",
                        "rollback",
                        "retry",
                        "begin",
                        "apply",
                        "rollback",
                        "retry",
                        "begin",
                        "apply",
                        "commit",
                        "offsets");
    }

    @Test
    void batchThatIsGivenUpFailsAndCommitsNoOffsets() {
        failuresToCome = 1;
        retry = false;

        assertThatThrownBy(() -> template.sendBody("direct:postgres-sink", BATCH))
                .isInstanceOf(CamelExecutionException.class);
        assertThat(story).containsExactly("begin", "apply", "rollback", "retry");
    }

    @Test
    void deadLettersGoToTheirTopicWithHeadersOfTheirOwn() throws Exception {
        MockEndpoint topic = context.getEndpoint("mock:kafka-sink:dlq-postgres-sink", MockEndpoint.class);
        topic.expectedMessageCount(1);
        DefaultMessage letter = new DefaultMessage(context);
        letter.setBody(new byte[] {1});

        template.sendBody("direct:dead-letter", List.of(letter));

        topic.assertIsSatisfied();
        assertThat(topic.getExchanges().get(0).getMessage().getBody(List.class)).hasSize(1);
        assertThat(context.getEndpoints())
                .anyMatch(endpoint -> endpoint.getEndpointUri().startsWith("kafka-sink://dlq-postgres-sink")
                        && endpoint.getEndpointUri().contains("batchWithIndividualHeaders=true")
                        && endpoint.getEndpointUri().contains("synchronous=true"));
    }

    /** Stands for the bean that waits for the next attempt, or gives up. */
    public final class Retry {
        @Handler
        public void afterFailure(Exchange exchange) throws Exception {
            story.add("retry");
            if (!retry) {
                throw exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
            }
        }
    }

    /** Stands for the bean that commits offsets. */
    public final class Offsets {
        @Handler
        public void commit(Exchange exchange) {
            assertThat(exchange.getMessage().getBody()).isEqualTo(BATCH);
            story.add("offsets");
        }
    }

    private final class RecordingTransactions extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        @Override
        protected Object doGetTransaction() {
            return story;
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            story.add("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            story.add("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            story.add("rollback");
        }
    }
}
