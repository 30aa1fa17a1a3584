package io.github.scyllapgcdc.cli;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.ops.RouteFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of the tables' route files, one file a table, as {@code deploy} and {@code remove} change it. */
final class TableRoutes {
    private static final Pattern ROUTE_ID = Pattern.compile("(?m)^\\s+id:\\s*[\"']?([^\\s\"'#]+)");

    private final Path folder;

    TableRoutes(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Which halves of the pipeline run here. */
    enum Type {
        SOURCE,
        SINK,
        BOTH
    }

    /** What {@link #write} did. */
    enum Written {
        NEW,
        REPLACED,
        SAME
    }

    /** The table's file; its name is made of checked parts, so that no table name leads out of the folder. */
    Path file(TableId table) {
        Path file = folder.resolve(table + RouteFiles.SUFFIX).normalize();
        if (!folder.equals(file.getParent())) {
            throw new CliException("\"" + table + "\" is no table name");
        }
        return file;
    }

    /** The text of a table's file in the shape that the documentation shows. */
    String text(TableId table, Type type) {
        String text = "";
        if (type != Type.SINK) {
            text += resource("source.camel.yaml");
        }
        if (type != Type.SOURCE) {
            text += (text.isEmpty() ? "" : "\n") + resource("sink.camel.yaml");
            text += "\n" + resource("reconcile.camel.yaml");
        }
        return fill(text, table);
    }

    /** The text of a table's file from a template with {@code ${topic}}, {@code ${keyspace}}, {@code ${table}} in it. */
    String text(TableId table, String template) {
        return fill(template, table);
    }

    private String fill(String template, TableId table) {
        String id = isFree(table, table.name()) ? table.name() : table.toString();
        return template.replace("${topic}", table.topic())
                .replace("${keyspace}", table.keyspace())
                .replace("${table}", table.name())
                .replace("${source-id}", "scylla-source-" + id)
                .replace("${sink-id}", "postgres-sink-" + id)
                .replace("${reconcile-id}", "reconcile-" + id);
    }

    /** Whether no other table's file uses the short ids; two keyspaces may have tables of one name. */
    private boolean isFree(TableId table, String id) {
        Set<String> taken = new HashSet<>();
        for (Path other : files()) {
            if (!other.equals(file(table))) {
                taken.addAll(routeIds(read(other)));
            }
        }
        return Stream.of("scylla-source-", "postgres-sink-", "reconcile-").noneMatch(kind -> taken.contains(kind + id));
    }

    static List<String> routeIds(String text) {
        List<String> ids = new ArrayList<>();
        Matcher matcher = ROUTE_ID.matcher(text);
        while (matcher.find()) {
            ids.add(matcher.group(1));
        }
        return ids;
    }

    /**
     * Writes the file so that a reader sees all of it or nothing.
     *
     * @param force replace a file that says something else
     */
    Written write(TableId table, String text, boolean force) throws IOException {
        Path file = file(table);
        Written done = Written.NEW;
        if (Files.exists(file)) {
            if (read(file).equals(text)) {
                return Written.SAME;
            }
            if (!force) {
                throw new CliException(file + " exists and says something else: edit it, or replace it with --force");
            }
            done = Written.REPLACED;
        }
        Files.createDirectories(folder);
        Path temporary = Files.createTempFile(folder, "." + table, ".tmp");
        try {
            Files.writeString(temporary, text);
            move(temporary, file);
        } finally {
            Files.deleteIfExists(temporary);
        }
        return done;
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Deletes the table's file and gives the ids of the routes that were in it. */
    List<String> delete(TableId table) throws IOException {
        Path file = file(table);
        if (!Files.exists(file)) {
            throw new CliException("table " + table + " is not deployed: there is no " + file);
        }
        List<String> ids = routeIds(read(file));
        Files.delete(file);
        return ids;
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(RouteFiles.SUFFIX))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = TableRoutes.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
