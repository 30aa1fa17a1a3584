package io.github.scyllapgcdc.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.scyllapgcdc.config.ConfigurationException;
import io.github.scyllapgcdc.config.Credentials;
import io.github.scyllapgcdc.config.Login;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RotationTest {
    private final Login login = new Login(Optional.of(new Credentials("alice", "old")));
    private final AtomicInteger looks = new AtomicInteger();
    private Supplier<Optional<Credentials>> secret = login::current;
    private Rotation rotation = rotation(Duration.ofHours(1));

    @AfterEach
    void stop() {
        rotation.close();
    }

    @Test
    void aChangedSecretIsHandedOnAndFollowersAreTold() {
        AtomicInteger told = new AtomicInteger();
        login.onChange(told::incrementAndGet);
        secret = () -> Optional.of(new Credentials("alice", "new"));

        rotation.look();
        rotation.look();

        assertThat(login.current()).contains(new Credentials("alice", "new"));
        assertThat(told).hasValue(1);
    }

    @Test
    void whatCannotBeReadStaysInUseAndIsInTheStatus() {
        secret = () -> {
            throw new ConfigurationException("Vault is away");
        };

        rotation.look();

        assertThat(login.username()).contains("alice");
        assertThat(rotation.status()).containsEntry("status", "DOWN").containsEntry("detail", "Vault is away");

        // And once it can be read again
        secret = login::current;
        rotation.look();
        assertThat(rotation.status()).containsEntry("status", "UP").doesNotContainKey("detail");
    }

    @Test
    void aDoubtIsLookedAtSoonAndManyAreLookedAtOnce() {
        rotation.start();

        for (int i = 0; i < 1000; i++) {
            login.doubt();
        }

        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> looks.get() > 0);
        assertThat(looks).hasValue(1);
    }

    @Test
    void withoutAPeriodADoubtIsNothing() {
        rotation.close();
        rotation = rotation(Duration.ZERO);
        rotation.start();

        login.doubt();

        assertThat(looks).hasValue(0);
    }

    private Rotation rotation(Duration period) {
        return new Rotation(
                looks::incrementAndGet,
                period,
                List.of(new Rotation.Followed("PostgreSQL", login, () -> secret.get())));
    }
}
