package io.github.scyllapgcdc.deploy;

import io.github.scyllapgcdc.event.TableId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The routes of a table as {@code deploy} writes them. */
final class RouteTemplates {
    static final String SOURCE_ID = "scylla-source-";
    static final String SINK_ID = "postgres-sink-";
    static final String RECONCILE_ID = "reconcile-";

    private final TableId table;
    private final String name;

    /** @param name what the routes' ids end with */
    RouteTemplates(TableId table, String name) {
        this.table = table;
        this.name = name;
    }

    /** The source's routes, one a task. */
    RouteText source(int tasks) {
        if (tasks == 1) {
            return RouteText.parse(fill(resource("source.camel.yaml")));
        }
        StringBuilder text = new StringBuilder(resource("source-tasks.camel.yaml"));
        for (int task = 0; task < tasks; task++) {
            text.append(resource("source-task.camel.yaml")
                    .replace("${task}", Integer.toString(task))
                    .replace("${tasks}", Integer.toString(tasks)));
        }
        return RouteText.parse(fill(text.toString()));
    }

    RouteText sink() {
        return RouteText.parse(fill(resource("sink.camel.yaml")));
    }

    RouteText reconcile() {
        return RouteText.parse(fill(resource("reconcile.camel.yaml")));
    }

    /** A text with the table's names in the places that are for them. */
    String fill(String template) {
        return template.replace("${topic}", table.topic())
                .replace("${keyspace}", table.keyspace())
                .replace("${table}", table.name())
                .replace("${source-id}", SOURCE_ID + name)
                .replace("${sink-id}", SINK_ID + name)
                .replace("${reconcile-id}", RECONCILE_ID + name);
    }

    private static String resource(String name) {
        try (InputStream in = RouteTemplates.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
