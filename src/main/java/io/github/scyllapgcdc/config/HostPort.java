package io.github.scyllapgcdc.config;

import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a server listens. An IPv6 address is written in brackets when a port follows it. */
public record HostPort(String host, int port) {
    private static final Pattern FORM = Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:/\\[\\]]+)(?::(\\d{1,5}))?");

    /** A comma-separated list, such as {@code 10.0.0.1:9042,10.0.0.2}; the port may be left out. */
    public static List<HostPort> list(String property, String value, int defaultPort) {
        return Arrays.stream(value.split(",", -1))
                .map(String::strip)
                .map(one -> parse(property, one, value, defaultPort))
                .toList();
    }

    private static HostPort parse(String property, String one, String whole, int defaultPort) {
        Matcher matcher = FORM.matcher(one);
        if (matcher.matches()) {
            int port = matcher.group(2) == null ? defaultPort : Integer.parseInt(matcher.group(2));
            if (port >= 1 && port <= 65_535) {
                return new HostPort(matcher.group(1).replaceAll("[\\[\\]]", ""), port);
            }
        }
        throw ConfigurationException.refused(property, whole, "host:port, or several with commas between");
    }

    /** The address, its name looked up now; unresolved when the name is unknown. */
    public InetSocketAddress address() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
