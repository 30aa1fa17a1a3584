package io.github.scyllapgcdc.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.Login;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import org.junit.jupiter.api.Test;

class KafkaLoginTest {
    private static final String PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";

    @Test
    void aClientIsAnsweredWithWhatIsCurrent() throws Exception {
        // Given a client made with the handler's properties
        Login login = new Login(Optional.of(new Credentials("alice", "old")));
        KafkaConfig config = KafkaLogin.followed(new KafkaConfig("127.0.0.1:9092", Map.of()), login);
        KafkaLogin handler = new KafkaLogin();
        handler.configure(config.clientProperties(), "PLAIN", List.of());

        // When the password is rotated
        login.change(Optional.of(new Credentials("alice", "new")));
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        handler.handle(new Callback[] {name, password});

        // Then the next log-in has it
        assertThat(name.getName()).isEqualTo("alice");
        assertThat(password.getPassword()).containsExactly('n', 'e', 'w');
    }

    @Test
    void nameAndPasswordAreReadAsKafkaReadsThem() {
        assertThat(KafkaLogin.credentials(PLAIN + "username=\"alice\" password=\"a\\\"b\";"))
                .contains(new Credentials("alice", "a\"b"));
        assertThat(KafkaLogin.credentials(PLAIN + "serviceName=\"kafka\";")).isEmpty();
    }

    @Test
    void whatCannotBeReadIsNotShown() {
        assertThatThrownBy(() -> KafkaLogin.credentials(PLAIN + "username=\"alice\" password=\"s3c\"ret\";"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("kafka.client.sasl.jaas.config cannot be read")
                .hasMessageNotContaining("s3c")
                .hasMessageNotContaining("ret\"");
    }

    @Test
    void aHandlerOfTheOperatorsOwnIsLeftAlone() {
        Map<String, String> scram = Map.of("sasl.mechanism", "SCRAM-SHA-512", "sasl.jaas.config", "…");
        KafkaConfig config = new KafkaConfig("127.0.0.1:9092", scram);

        assertThat(KafkaLogin.canFollow(config)).isTrue();
        assertThat(KafkaLogin.canFollow(config.with(Map.of("sasl.client.callback.handler.class", "their.own"))))
                .isFalse();
        assertThat(KafkaLogin.canFollow(config.with(Map.of("sasl.mechanism", "GSSAPI"))))
                .isFalse();
    }
}
