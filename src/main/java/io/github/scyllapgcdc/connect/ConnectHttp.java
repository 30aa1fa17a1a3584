package io.github.scyllapgcdc.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.connectors.NoSuchConnectorException;
import io.github.scyllapgcdc.deploy.DeployException;
import io.github.scyllapgcdc.fault.ErrorTaxonomy;
import io.github.scyllapgcdc.http.JsonHttp;
import io.github.scyllapgcdc.ops.Failures;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests and answers in Connect's form: JSON of any kind, and refusals as {@code error_code} and {@code message}. */
final class ConnectHttp {
    static final int NOT_FOUND = 404;
    static final int UNAVAILABLE = 503;
    private static final int BAD_REQUEST = 400;
    private static final int FAILED = 500;
    private static final Logger LOG = LoggerFactory.getLogger(ConnectHttp.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Answers with what the work gives, or with why it does not.
     *
     * @param code the HTTP status of success
     * @param work gives what becomes JSON; null for no body
     */
    void answer(Exchange exchange, int code, Supplier<Object> work) {
        try {
            set(exchange, code, work.get());
        } catch (ConnectException e) {
            refuse(exchange, e.code(), e.getMessage());
        } catch (NoSuchConnectorException e) {
            refuse(exchange, NOT_FOUND, e.getMessage());
        } catch (DeployException | IllegalArgumentException e) {
            refuse(exchange, BAD_REQUEST, e.getMessage());
        } catch (RuntimeException e) { // nothing would be answered else, nor logged
            boolean ofServer = ErrorTaxonomy.classify(e).isPresent();
            LOG.warn(
                    "{} {}: {}",
                    exchange.getFromRouteId(),
                    ofServer ? "a server failed" : "failed",
                    Failures.line(e),
                    e);
            refuse(
                    exchange,
                    ofServer ? UNAVAILABLE : FAILED,
                    (ofServer ? "a server failed, see /health: " : "") + Failures.line(e));
        }
    }

    private static void refuse(Exchange exchange, int code, String message) {
        Map<String, Object> refusal = new LinkedHashMap<>();
        refusal.put("error_code", code);
        refusal.put("message", message);
        set(exchange, code, refusal);
    }

    private static void set(Exchange exchange, int code, Object body) {
        exchange.getMessage().removeHeaders("*"); // the request's would be the answer's
        exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, code);
        if (body == null) {
            exchange.getMessage().setBody("");
            return;
        }
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
        try {
            exchange.getMessage().setBody(JSON.writeValueAsString(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The request's body, a JSON object. */
    static Map<String, Object> body(Exchange exchange) {
        return JsonHttp.values(exchange.getMessage().getBody(String.class));
    }

    /** Whether a parameter of the address says so. */
    static boolean isTrue(Exchange exchange, String name) {
        return parameters(exchange, name).contains("true");
    }

    /** The values of a parameter of the address, of which there may be several. */
    static Set<String> parameters(Exchange exchange, String name) {
        String query = exchange.getMessage().getHeader(Exchange.HTTP_QUERY, "", String.class);
        Set<String> values = new LinkedHashSet<>();
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith(name + "=")) {
                values.add(parameter.substring(name.length() + 1));
            }
        }
        return values;
    }
}
