package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.KafkaConfig;
import io.github.scyllapgcdc.config.Login;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.apache.kafka.common.security.JaasContext;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.apache.kafka.common.security.authenticator.SaslClientCallbackHandler;

/**
 * Answers Kafka's clients, when one of their connections logs in, with the user and password that are current then. Left alone they
 * would keep those that were there when the client was made, and a source's producer lives for months.
 */
public final class KafkaLogin implements AuthenticateCallbackHandler {
    /** Kafka hands a client's properties to its handler, unknown ones included. */
    private static final String LOGIN = "scylla-pg-cdc.login";

    private final SaslClientCallbackHandler byDefault = new SaslClientCallbackHandler();
    private Login login;

    /** The same cluster, with clients that log in as what is current. */
    static KafkaConfig followed(KafkaConfig kafka, Login login) {
        return kafka.with(
                Map.of(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS, KafkaLogin.class.getName(), LOGIN, login));
    }

    /** Whether the cluster is logged in at with a name and a password, and nobody else looks after them. */
    static boolean canFollow(KafkaConfig kafka) {
        Map<String, ?> properties = kafka.clientProperties();
        String mechanism = String.valueOf(properties.get(SaslConfigs.SASL_MECHANISM));
        return (mechanism.equals("PLAIN") || mechanism.startsWith("SCRAM-"))
                && properties.containsKey(SaslConfigs.SASL_JAAS_CONFIG)
                && !properties.containsKey(SaslConfigs.SASL_CLIENT_CALLBACK_HANDLER_CLASS);
    }

    /**
     * The name and the password in a {@code sasl.jaas.config}.
     *
     * @throws ConfigurationException if it cannot be read; Kafka's own message might show a part of the password
     */
    static Optional<Credentials> credentials(String jaas) {
        List<AppConfigurationEntry> entries;
        try {
            entries = JaasContext.loadClientContext(Map.of(SaslConfigs.SASL_JAAS_CONFIG, new Password(jaas)))
                    .configurationEntries();
        } catch (RuntimeException unreadable) {
            throw new ConfigurationException("kafka.client.sasl.jaas.config cannot be read: expected "
                    + "…LoginModule required username=\"…\" password=\"…\"; with \\\" for each \" in either of them");
        }
        Map<String, ?> options = entries.get(0).getOptions();
        if (!options.containsKey("username") || !options.containsKey("password")) {
            return Optional.empty();
        }
        return Optional.of(new Credentials((String) options.get("username"), (String) options.get("password")));
    }

    @Override
    public void configure(Map<String, ?> configs, String mechanism, List<AppConfigurationEntry> entries) {
        login = (Login) configs.get(LOGIN);
        byDefault.configure(configs, mechanism, entries);
    }

    /** A connection that is made anew may follow one that was refused, which Kafka's clients tell in many places. */
    @Override
    public void handle(Callback[] callbacks) throws IOException, UnsupportedCallbackException {
        login.doubt();
        Credentials user = login.current().orElseThrow(() -> new IOException("Kafka's user is no longer set"));
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(user.username());
            } else if (callback instanceof PasswordCallback password) {
                password.setPassword(user.password().toCharArray());
            } else {
                byDefault.handle(new Callback[] {callback});
            }
        }
    }

    @Override
    public void close() {
        byDefault.close();
    }
}
