package io.github.scyllapgcdc.source.generation;

import com.scylladb.cdc.cql.SslConfig;
import io.github.scyllapgcdc.config.ScyllaTls;

/** TLS for {@link GenerationSession}, as scylla-cdc-java's own driver takes it. */
public final class GenerationTls {
    /**
     * That driver's copy of Netty 4.2 verifies host names unless this says otherwise, for all of its connections, which are all to
     * one cluster. The library has no option for it.
     */
    private static final String VERIFICATION =
            "shaded.com.scylladb.cdc.driver3.handler.ssl.defaultEndpointVerificationAlgorithm";

    private GenerationTls() {}

    /** Must be called before the first session. */
    public static SslConfig of(ScyllaTls tls) {
        if (!tls.verifyHost()) {
            System.setProperty(VERIFICATION, "NONE");
        }
        SslConfig.Builder config = SslConfig.builder().withSslProviderString("JDK");
        tls.certificates()
                .trusted()
                .ifPresent(file ->
                        config.withTrustStorePath(file.location().toString()).withTrustStorePassword(file.password()));
        tls.certificates()
                .own()
                .ifPresent(file ->
                        config.withKeyStorePath(file.location().toString()).withKeyStorePassword(file.password()));
        return config.build();
    }
}
