package io.github.scyllapgcdc.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.dev.TestStack;
import io.github.scyllapgcdc.registry.RegistryException.Reason;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

class ConfluentRegistryIT {
    private final String url = TestStack.get().endpoints().registryUrl();

    private ConfluentRegistry client() {
        return new ConfluentRegistry(url, Login.none(), Optional.empty());
    }

    @Test
    void aSchemaIsFoundByTheIdItWasGiven() {
        Schema schema =
                SchemaBuilder.record("Found").fields().requiredLong("id").endRecord();
        int id = client().register("found-value", schema);
        assertThat(client().byId(id)).isEqualTo(schema);
        assertThat(client().register("found-value", schema)).isEqualTo(id);
    }

    @Test
    void aSchemaThatOldReadersCannotFollowIsRejected() {
        client().register(
                        "evolving-value",
                        SchemaBuilder.record("E").fields().optionalInt("n").endRecord());
        Schema other = SchemaBuilder.record("E").fields().requiredString("n").endRecord();
        assertThatThrownBy(() -> client().register("evolving-value", other))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED))
                .hasMessageContaining("evolving-value");
    }

    @Test
    void anUnknownIdIsSaidToBeUnknownAndADeadServerToBeUnavailable() {
        assertThatThrownBy(() -> client().byId(123_456))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNKNOWN_ID));
        ConfluentRegistry nobody = new ConfluentRegistry("http://127.0.0.1:1", Login.none(), Optional.empty());
        assertThatThrownBy(() -> nobody.byId(1))
                .isInstanceOfSatisfying(
                        RegistryException.class,
                        e -> assertThat(e.isRetryable()).isTrue())
                .hasMessageContaining("schema.registry.url");
    }
}
