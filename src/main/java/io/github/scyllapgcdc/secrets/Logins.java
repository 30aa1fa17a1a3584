package io.github.scyllapgcdc.secrets;

import io.github.scyllapgcdc.config.CdcConfig;
import io.github.scyllapgcdc.config.Login;
import io.github.scyllapgcdc.config.Settings;
import io.github.scyllapgcdc.config.VaultConfig;
import io.github.scyllapgcdc.secrets.Rotation.Followed;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log-ins of the configuration: which of them come from Vault and are followed there, and which from plain properties. */
public final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final String JAAS = "kafka.client.sasl.jaas.config";

    private final CamelSettings properties;
    private final Settings settings;
    private final List<Followed> followed = new ArrayList<>();
    private final List<String> plain = new ArrayList<>();
    private final CdcConfig config;

    /** Sorts them; says in one line which come from plain properties. */
    public Logins(CamelSettings properties, CdcConfig read) {
        this.properties = properties;
        this.settings = new Settings(properties);
        sort("ScyllaDB", "scylla", read.scylla().login());
        sort("the schema registry", "schema.registry", read.registry().login());
        sort("PostgreSQL", "postgres", read.postgres().login());
        this.config = kafka(read);
        if (!plain.isEmpty()) {
            LOG.info("the credentials of {} come from plain properties, not from Vault", String.join(" and ", plain));
        }
    }

    private void sort(String server, String prefix, Login login) {
        if (login.current().isEmpty()) {
            return;
        }
        if (properties.isFromVault(prefix + ".username") || properties.isFromVault(prefix + ".password")) {
            followed.add(new Followed(server, login, () -> settings.credentials(prefix)));
        } else {
            plain.add(server);
        }
    }

    private CdcConfig kafka(CdcConfig read) {
        if (settings.optional(JAAS).isEmpty()) {
            return read;
        }
        if (!properties.isFromVault(JAAS)) {
            plain.add("Kafka");
            return read;
        }
        if (!KafkaLogin.canFollow(read.kafka())) {
            return read; // certificates, Kerberos, OAuth, or a handler of the operator's own
        }
        Login login = new Login(settings.optional(JAAS).flatMap(KafkaLogin::credentials));
        if (login.current().isEmpty()) {
            return read;
        }
        followed.add(new Followed("Kafka", login, () -> settings.optional(JAAS).flatMap(KafkaLogin::credentials)));
        return read.with(KafkaLogin.followed(read.kafka(), login));
    }

    /** The configuration, with Kafka clients that follow their log-in. */
    public CdcConfig config() {
        return config;
    }

    /** Looks at the secrets from time to time, once it is started. */
    public Rotation rotation(VaultSecrets secrets) {
        return new Rotation(secrets::forget, VaultConfig.of(settings).refreshPeriod(), followed);
    }
}
