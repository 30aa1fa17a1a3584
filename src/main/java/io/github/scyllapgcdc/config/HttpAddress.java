package io.github.scyllapgcdc.config;

/** Where a program on this host reaches one of the application's HTTP servers. */
public final class HttpAddress {
    private HttpAddress() {}

    /**
     * The address as the configuration has it.
     *
     * @param server {@code camel.server} or {@code camel.management}
     * @return such as {@code http://127.0.0.1:8083}
     */
    public static String of(Settings settings, String server, int defaultPort) {
        boolean tls = settings.bool(server + ".useGlobalSslContextParameters", false);
        String host = settings.text(server + ".host", "127.0.0.1").replaceAll("[\\[\\]]", "");
        int port = settings.integer(server + ".port", defaultPort);
        return (tls ? "https://" : "http://") + new HostPort(reachable(host), port);
    }

    /** One that listens on all addresses is asked on loopback. */
    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "::" -> "::1";
            default -> host;
        };
    }
}
