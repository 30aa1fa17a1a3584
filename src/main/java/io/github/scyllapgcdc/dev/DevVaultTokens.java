package io.github.scyllapgcdc.dev;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tokens of {@link DevVault}: one for ever, and those that an AppRole login gave for a while, which a renewal prolongs up to a
 * day.
 */
final class DevVaultTokens {
    static final Duration LEASE = Duration.ofHours(1);
    static final Duration LONGEST_LEASE = Duration.ofDays(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String root;
    private final String roleId;
    private final Clock clock;
    private final Duration lease;
    private final Duration longestLease;
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();

    private volatile String secretId;

    private record Lease(Instant end, Instant last) {}

    DevVaultTokens(String root, String roleId, String secretId, Clock clock, Duration lease, Duration longestLease) {
        this.root = root;
        this.roleId = roleId;
        this.secretId = secretId;
        this.clock = clock;
        this.lease = lease;
        this.longestLease = longestLease;
    }

    boolean isValid(String token) {
        Lease held = leases.get(token);
        return token.equals(root) || (held != null && clock.instant().isBefore(held.end()));
    }

    /** From now on this is the role's secret id, and no other. */
    void changeSecretId(String next) {
        secretId = next;
    }

    /** Those that log-ins gave and that are still on record. */
    Set<String> given() {
        return Set.copyOf(leases.keySet());
    }

    /** A new token for the right role, as {@code auth/approle/login} answers it. */
    Optional<ObjectNode> login(String role, String secret) {
        if (!role.equals(roleId) || !secret.equals(secretId)) {
            return Optional.empty();
        }
        String token = "s." + UUID.randomUUID();
        Instant now = clock.instant();
        leases.put(token, new Lease(now.plus(lease), now.plus(longestLease)));
        return Optional.of(auth(token));
    }

    ObjectNode renew(String token) {
        leases.computeIfPresent(token, (same, held) -> {
            Instant end = clock.instant().plus(lease);
            return new Lease(end.isBefore(held.last()) ? end : held.last(), held.last());
        });
        return auth(token);
    }

    void revoke(String token) {
        leases.remove(token);
    }

    ObjectNode lookUp(String token) {
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode data = answer.putObject("data");
        data.put("id", token);
        data.put("type", "service");
        data.put("renewable", !token.equals(root));
        data.put("ttl", secondsLeft(token));
        data.put("creation_ttl", token.equals(root) ? 0 : lease.toSeconds());
        data.putArray("policies").add(token.equals(root) ? "root" : "default");
        return answer;
    }

    private ObjectNode auth(String token) {
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode auth = answer.putObject("auth");
        auth.put("client_token", token);
        auth.put("accessor", "accessor");
        auth.put("token_type", "service");
        auth.put("renewable", !token.equals(root));
        auth.put("lease_duration", secondsLeft(token));
        auth.putArray("policies").add("default");
        return answer;
    }

    /** Zero means for ever, as in Vault. */
    private long secondsLeft(String token) {
        Lease held = leases.get(token);
        return held == null ? 0 : Duration.between(clock.instant(), held.end()).toSeconds();
    }
}
