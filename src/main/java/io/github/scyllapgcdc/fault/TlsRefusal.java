package io.github.scyllapgcdc.fault;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import java.security.cert.CertificateException;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells whether a connection failed because of certificates, which somebody has to change, rather than of the network. */
public final class TlsRefusal {
    private static final String ALERT = "Received fatal alert: ";

    private TlsRefusal() {}

    /** On one line, what does not fit; empty for any other failure. */
    public static Optional<String> of(Throwable error) {
        String alert = null;
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof AllNodesFailedException all) {
                return all.getAllErrors().values().stream()
                        .flatMap(Collection::stream)
                        .flatMap(each -> of(each).stream())
                        .findFirst();
            }
            String message = String.valueOf(e.getMessage());
            if (e instanceof CertificateException || e instanceof SSLPeerUnverifiedException) {
                return Optional.of("the server's certificate is not trusted: "
                        + innermost(e).getMessage());
            }
            if (e instanceof SSLHandshakeException && message.contains(ALERT)) {
                alert = message.substring(message.indexOf(ALERT) + ALERT.length());
            }
        }
        return Optional.ofNullable(alert)
                .map(name -> "the server refused the connection, perhaps for want of a certificate it trusts: " + name);
    }

    private static Throwable innermost(Throwable error) {
        Throwable e = error;
        while (e.getCause() != null) {
            e = e.getCause();
        }
        return e;
    }
}
