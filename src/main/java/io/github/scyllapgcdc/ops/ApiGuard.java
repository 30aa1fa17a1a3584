package io.github.scyllapgcdc.ops;

import io.github.scyllapgcdc.config.ApiConfig;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.LifecycleStrategySupport;

/**
 * Stands before every route that is served over HTTP. With {@code api.token}, requests must carry it, but for {@code GET /health}.
 * Without, programs on this host may do everything, while others may ask how things stand and no more: neither change anything
 * nor read rows. A browser that a stranger's page sends is no program of this host's.
 */
public final class ApiGuard extends LifecycleStrategySupport implements Handler<RoutingContext> {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FIRST = -1000;
    private static final String HEALTH = "/health";
    /** What tells how things stand, and nothing of what is in the tables. */
    private static final Pattern OPEN = Pattern.compile("/|/health|/status|/connector-plugins|/connectors(/.*)?");

    private final CamelContext context;
    private final ApiConfig config;
    private boolean stands;

    public ApiGuard(CamelContext context, ApiConfig config) {
        this.context = context;
        this.config = config;
    }

    /** Before the first route takes requests. */
    @Override
    public void onRoutesAdd(Collection<Route> routes) {
        VertxPlatformHttpRouter router = stands
                ? null
                : VertxPlatformHttpRouter.lookup(context, VertxPlatformHttpRouter.getRouterNameFromPort(config.port()));
        if (router != null) {
            router.route().order(FIRST).handler(this);
            stands = true;
        }
    }

    /** Whether requests pass here. */
    public boolean stands() {
        return stands;
    }

    @Override
    public void handle(RoutingContext routing) {
        HttpServerRequest request = routing.request();
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        String path = routing.normalizedPath(); // by which routes are chosen: "/status/../dlq" is "/dlq"
        if (reads && path.equals(HEALTH)) {
            routing.next();
        } else if (isOfAnotherSite(request)) {
            refuse(routing, FORBIDDEN, "pages of other sites are not served");
        } else if (config.token().isPresent()) {
            if (carries(request, config.token().get())) {
                routing.next();
            } else {
                routing.response().putHeader("WWW-Authenticate", "Bearer, Basic realm=\"scylla-pg-cdc\"");
                refuse(
                        routing,
                        UNAUTHORIZED,
                        "the token is missing or wrong: send api.token as Authorization: Bearer, or as the password of Basic");
            }
        } else if (!config.onLoopback()) {
            if (reads && OPEN.matcher(path).matches()) {
                routing.next();
            } else {
                refuse(
                        routing,
                        FORBIDDEN,
                        "camel.server.host=" + config.host()
                                + " lets other hosts in, and api.token is not set: set it, and" + " send it along");
            }
        } else if (isOfThisHost(request)) {
            routing.next();
        } else {
            refuse(
                    routing,
                    FORBIDDEN,
                    "without api.token only programs on this host are served, under the names localhost or 127.0.0.1");
        }
    }

    private static boolean carries(HttpServerRequest request, String token) {
        String given = request.getHeader("Authorization");
        return given != null
                && secret(given).filter(secret -> same(secret, token)).isPresent();
    }

    private static Optional<String> secret(String authorization) {
        int blank = authorization.indexOf(' ');
        String scheme = blank < 0 ? "" : authorization.substring(0, blank);
        String value = authorization.substring(blank + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return Optional.of(value);
        }
        if (scheme.equalsIgnoreCase("Basic")) {
            try {
                String login = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
                return Optional.of(login.substring(login.indexOf(':') + 1));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** In a time that does not tell how much of it is right. */
    private static boolean same(String given, String token) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    /** A name server of a stranger's may lead a browser here, but then Host is the stranger's name. */
    private static boolean isOfThisHost(HttpServerRequest request) {
        HostAndPort asked = request.authority();
        return asked != null && ApiConfig.isLoopback(asked.host());
    }

    /** A browser says where the page comes from that sends it, and would send along a login that it remembers. */
    private static boolean isOfAnotherSite(HttpServerRequest request) {
        String origin = request.getHeader("Origin");
        HostAndPort asked = request.authority();
        if (origin == null || asked == null) {
            return origin != null;
        }
        String port = asked.port() < 0 ? "" : ":" + asked.port();
        return !origin.equals("http://" + asked.host() + port) && !origin.equals("https://" + asked.host() + port);
    }

    private static void refuse(RoutingContext routing, int code, String message) {
        JsonObject refusal =
                new JsonObject().put("error_code", code).put("message", message).put("error", message);
        routing.response()
                .setStatusCode(code)
                .putHeader("Content-Type", "application/json")
                .end(refusal.encode());
    }
}
