package io.github.scyllapgcdc.dev;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.ee10.webapp.WebAppContext;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.proxy.ProxyHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.util.Callback;

/**
 * The Hawtio console in a JVM of its own, on loopback. Where the console expects the Jolokia of its own JVM it finds the
 * application's, so the routes show without anything to connect to or log in to; the login stays in this process.
 *
 * <p>Arguments: the port, Hawtio's web archive, a folder to unpack it in, the address of Jolokia. The login is in the
 * environment, where other users do not see it.
 */
public final class HawtioMain {
    static final String PATH = "/hawtio";
    static final String USERNAME = "JOLOKIA_USERNAME";
    static final String PASSWORD = "JOLOKIA_PASSWORD";

    private HawtioMain() {}

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        System.setProperty("hawtio.authenticationEnabled", "false");
        // The console shows one application: it is no way to any other address
        System.setProperty("hawtio.disableProxy", "true");
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        WebAppContext console = new WebAppContext(Path.of(args[1]).toString(), PATH);
        console.setTempDirectory(Path.of(args[2]).toFile());
        ContextHandler jolokia = new ContextHandler(new JolokiaProxy(args[3], port), PATH + "/jolokia");
        jolokia.setAllowNullPathInContext(true);
        server.setHandler(new ContextHandlerCollection(jolokia, console));
        server.start();
    }

    /** Passes requests on to Jolokia with the login, if they come from the console's own pages. */
    private static final class JolokiaProxy extends ProxyHandler.Reverse {
        private final Set<String> own;
        private final String login;

        JolokiaProxy(String url, int port) {
            super(request -> HttpURI.from(url + pathInfo(request)));
            own = Set.of("127.0.0.1:" + port, "localhost:" + port);
            String credentials = System.getenv(USERNAME) + ":" + System.getenv(PASSWORD);
            login = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        }

        private static String pathInfo(Request request) {
            String query = request.getHttpURI().getQuery();
            String path = Request.getPathInContext(request);
            return (path == null ? "" : path) + (query == null ? "" : "?" + query);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            if (!isFromConsole(request)) {
                Response.writeError(request, response, callback, HttpStatus.FORBIDDEN_403);
                return true;
            }
            return super.handle(request, response, callback);
        }

        /** Any page in the same browser can send requests to loopback, also under a name of its own that leads there. */
        private boolean isFromConsole(Request request) {
            String origin = request.getHeaders().get(HttpHeader.ORIGIN);
            String site = request.getHeaders().get("Sec-Fetch-Site");
            return own.contains(request.getHeaders().get(HttpHeader.HOST))
                    && (origin == null || own.contains(origin.replaceFirst("^http://", "")))
                    && (site == null || site.equals("same-origin"));
        }

        @Override
        protected void configureHttpClient(HttpClient client) {
            client.setFollowRedirects(false);
        }

        @Override
        protected void addProxyHeaders(Request request, org.eclipse.jetty.client.Request onward) {
            onward.headers(
                    headers -> headers.remove(EnumSet.of(HttpHeader.ORIGIN, HttpHeader.REFERER, HttpHeader.COOKIE))
                            .put(HttpHeader.AUTHORIZATION, login));
        }
    }
}
