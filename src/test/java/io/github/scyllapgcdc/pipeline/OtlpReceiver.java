package io.github.scyllapgcdc.pipeline;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** Receives spans as a collector does: OTLP over HTTP. */
final class OtlpReceiver implements AutoCloseable {
    private static final HexFormat HEX = HexFormat.of();

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();
    private final List<String> services = new CopyOnWriteArrayList<>();

    OtlpReceiver() throws IOException {
        this(0);
    }

    /** @param port 0 for a free one */
    OtlpReceiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    private void receive(HttpExchange request) throws IOException {
        try (request) {
            ExportTraceServiceRequest export = ExportTraceServiceRequest.parseFrom(request.getRequestBody());
            for (ResourceSpans resource : export.getResourceSpansList()) {
                services.add(attribute(resource.getResource().getAttributesList(), "service.name"));
                resource.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
            }
            request.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            request.sendResponseHeaders(200, -1);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    List<Span> spans() {
        return spans;
    }

    /** The spans of which something holds. */
    List<Span> spans(Predicate<Span> wanted) {
        return spans.stream().filter(wanted).toList();
    }

    List<String> services() {
        return services;
    }

    void clear() {
        spans.clear();
    }

    static String traceId(Span span) {
        return hex(span.getTraceId().asReadOnlyByteBuffer());
    }

    static String hex(ByteBuffer id) {
        byte[] bytes = new byte[id.remaining()];
        id.get(bytes);
        return HEX.formatHex(bytes);
    }

    /** A span's attribute as text, empty if it has none of that name. */
    static String attribute(Span span, String name) {
        return attribute(span.getAttributesList(), name);
    }

    private static String attribute(List<KeyValue> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .map(attribute -> attribute.getValue().hasIntValue()
                        ? Long.toString(attribute.getValue().getIntValue())
                        : attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
