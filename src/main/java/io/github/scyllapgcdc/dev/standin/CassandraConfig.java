package io.github.scyllapgcdc.dev.standin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Writes the stand-in's cassandra.yaml and sets the system properties that Cassandra reads. */
final class CassandraConfig {
    /** The commit log's directory in the data directory. */
    static final String COMMIT_LOG = "commitlog";

    private CassandraConfig() {}

    /** What speaks TLS to clients that begin so, which have to show a certificate, and plain text to the others. */
    static String tls(String keyStore, String trustStore, String password) {
        return """
                client_encryption_options:
                  enabled: true
                  optional: true
                  store_type: PKCS12
                  keystore: "%1$s"
                  keystore_password: "%3$s"
                  truststore: "%2$s"
                  truststore_password: "%3$s"
                  require_client_auth: true
                """.formatted(keyStore, trustStore, password);
    }

    /**
     * Must run before any class of Cassandra is initialized.
     *
     * @param tls further lines of cassandra.yaml
     */
    static void apply(Path dataDir, int nativePort, int storagePort, boolean passwords, String tls) throws IOException {
        Path yaml = dataDir.resolve("cassandra.yaml");
        Files.writeString(yaml, yaml(dataDir, nativePort, storagePort, passwords) + tls);
        Path triggers = Files.createDirectories(dataDir.resolve("triggers"));
        Map.ofEntries(
                        Map.entry("cassandra.config", yaml.toUri().toString()),
                        Map.entry("cassandra.storagedir", dataDir.toString()),
                        Map.entry("cassandra.triggers_dir", triggers.toString()),
                        Map.entry("cassandra.custom_query_handler_class", CdcQueryHandler.class.getName()),
                        // else it closes standard output
                        Map.entry("cassandra-foreground", "yes"),
                        Map.entry("cassandra.ring_delay_ms", "1"),
                        Map.entry("cassandra.skip_wait_for_gossip_to_settle", "0"),
                        Map.entry("cassandra.shutdown_announce_in_ms", "0"),
                        Map.entry("cassandra.superuser_setup_delay_ms", "0"),
                        Map.entry("cassandra.system_distributed.default_rf", "1"),
                        Map.entry("cassandra.system_traces.default_rf", "1"),
                        // What a killed process wrote is in the page cache (see CommitLogTail); only a power cut would
                        // need fsync
                        Map.entry("cassandra.skip_sync", "true"))
                .forEach(System::setProperty);
    }

    private static String yaml(Path dataDir, int nativePort, int storagePort, boolean passwords) {
        return """
                # Written at each start of the Scylla stand-in
                cluster_name: scylla-stand-in
                num_tokens: 1
                authenticator: %7$s
                authorizer: %8$s
                permissions_validity: 0ms
                # A changed password counts at once
                credentials_validity: 0ms
                partitioner: org.apache.cassandra.dht.Murmur3Partitioner
                endpoint_snitch: SimpleSnitch
                dynamic_snitch: false
                auto_bootstrap: false
                listen_address: 127.0.0.1
                storage_port: %2$d
                rpc_address: 127.0.0.1
                start_native_transport: true
                native_transport_port: %1$d
                seed_provider:
                  - class_name: org.apache.cassandra.locator.SimpleSeedProvider
                    parameters:
                      - seeds: "127.0.0.1:%2$d"
                data_file_directories: ["%3$s/data"]
                commitlog_directory: "%3$s/%6$s"
                saved_caches_directory: "%3$s/saved_caches"
                hints_directory: "%3$s/hints"
                hinted_handoff_enabled: false
                auto_snapshot: false
                commitlog_sync: periodic
                commitlog_sync_period: 1000ms
                commitlog_segment_size: 16MiB
                commitlog_total_space: 96MiB
                memtable_heap_space: 128MiB
                memtable_flush_writers: 1
                memtable:
                  configurations:
                    %4$s:
                      class_name: %5$s
                key_cache_size: 8MiB
                counter_cache_size: 0MiB
                paxos_cache_size: 4MiB
                prepared_statements_cache_size: 8MiB
                file_cache_size: 32MiB
                networking_cache_size: 16MiB
                concurrent_reads: 16
                concurrent_writes: 32
                concurrent_counter_writes: 2
                concurrent_materialized_view_writes: 2
                concurrent_compactors: 1
                native_transport_max_threads: 128
                disk_access_mode: mmap_index_only
                storage_compatibility_mode: NONE
                # A loaded machine is no reason to fail a test
                read_request_timeout: 20s
                range_request_timeout: 20s
                write_request_timeout: 20s
                cas_contention_timeout: 20s
                request_timeout: 20s
                native_transport_timeout: 60s
                # As ScyllaDB has them
                batch_size_warn_threshold: 128KiB
                batch_size_fail_threshold: 1024KiB
                """.formatted(
                        nativePort,
                        storagePort,
                        dataDir,
                        CdcMemtable.CONFIGURATION,
                        CdcMemtable.class.getName(),
                        COMMIT_LOG,
                        passwords ? "PasswordAuthenticator" : "AllowAllAuthenticator",
                        passwords ? "CassandraAuthorizer" : "AllowAllAuthorizer");
    }
}
