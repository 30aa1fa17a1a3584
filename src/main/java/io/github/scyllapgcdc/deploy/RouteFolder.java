package io.github.scyllapgcdc.deploy;

import io.github.scyllapgcdc.event.TableId;
import io.github.scyllapgcdc.ops.RouteFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of the tables' route files, one file a table. Texts are made and changed in memory; what is written is written whole or
 * not at all, and what a person put into a file stays unless it is to be replaced.
 */
public final class RouteFolder {
    private static final int MOST_TASKS = 256;

    private final Path folder;

    public RouteFolder(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Which halves of the pipeline run here. */
    public enum Type {
        SOURCE,
        SINK,
        BOTH;

        boolean hasSource() {
            return this != SINK;
        }

        boolean hasSink() {
            return this != SOURCE;
        }
    }

    /** What {@link #write} did. */
    public enum Written {
        NEW,
        REPLACED,
        SAME,
        /** Nothing, since the folder can't be written to: a ConfigMap, for example. */
        READ_ONLY
    }

    /** The table's file; its name is made of checked parts, so that no table name leads out of the folder. */
    public Path file(TableId table) {
        Path file = folder.resolve(table + RouteFiles.SUFFIX).normalize();
        if (!folder.equals(file.getParent())) {
            throw new DeployException("\"" + table + "\" is no table name");
        }
        return file;
    }

    /** The ids of the routes that a text holds, in its order. */
    public static List<String> routeIds(String text) {
        return RouteText.parse(text).ids();
    }

    /**
     * The text of a table's file with routes of a type added, or brought to what they should be. Other routes stay as they are.
     *
     * @param tasks how many routes share the source's streams; null for as many as there are, or one
     * @param force whether routes that a person changed are replaced
     * @throws DeployException if there are such, and they are not to be replaced
     */
    public String deployed(TableId table, Type type, Integer tasks, boolean force) {
        if (tasks != null && (tasks < 1 || tasks > MOST_TASKS)) {
            throw new DeployException("tasks=" + tasks + " is refused: expected 1 to " + MOST_TASKS);
        }
        if (tasks != null && !type.hasSource()) {
            throw new DeployException(
                    "tasks=" + tasks + " is refused: a sink is one route, and Kafka shares its topic among the"
                            + " instances that run it");
        }
        RouteTemplates templates = templates(table);
        RouteText text = read(file(table)).map(RouteText::parse).orElse(new RouteText(List.of()));
        if (type.hasSource()) {
            RouteText now = text.of(RouteKind.SOURCE);
            int count = Math.max(1, now.routes().size());
            RouteText wanted = templates.source(tasks == null ? count : tasks);
            requireReplaceable(table, now, List.of(templates.source(count), wanted), force);
            text = text.with(RouteKind.SOURCE, wanted);
        }
        if (type.hasSink()) {
            RouteText now = text.of(RouteKind.SINK);
            requireReplaceable(table, now, List.of(templates.sink()), force);
            text = text.with(RouteKind.SINK, templates.sink());
            if (now.isEmpty()) { // where somebody took the timer away, it is not put back
                text = text.with(RouteKind.RECONCILE, templates.reconcile());
            }
        }
        return text.toString();
    }

    private void requireReplaceable(TableId table, RouteText now, List<RouteText> known, boolean force) {
        if (!force && !now.isEmpty() && !known.contains(now)) {
            throw saysSomethingElse(file(table) + " says something else of " + String.join(", ", now.ids()));
        }
    }

    private static DeployException saysSomethingElse(String what) {
        return new DeployException(what + ": edit it, or replace it with --force");
    }

    /** The text of a table's file from a template with places such as {@code ${topic}} in it. */
    public String filled(TableId table, String template) {
        return templates(table).fill(template);
    }

    private RouteTemplates templates(TableId table) {
        return new RouteTemplates(table, shortName(table));
    }

    private String shortName(TableId table) {
        return isFree(table, table.name()) ? table.name() : table.toString();
    }

    /** What a table's source or sink is called; {@code both} has no name. */
    public String connectorName(TableId table, Type type) {
        return (type == Type.SOURCE ? RouteTemplates.SOURCE_ID : RouteTemplates.SINK_ID) + shortName(table);
    }

    /** Whether no other table's file uses the short ids; two keyspaces may have tables of one name. */
    private boolean isFree(TableId table, String name) {
        Set<String> taken = new HashSet<>();
        for (Path other : files()) {
            if (!other.equals(file(table))) {
                read(other).ifPresent(text -> taken.addAll(routeIds(text)));
            }
        }
        return Stream.of(RouteTemplates.SOURCE_ID, RouteTemplates.SINK_ID, RouteTemplates.RECONCILE_ID)
                .noneMatch(kind -> taken.contains(kind + name) || taken.contains(kind + name + "-0"));
    }

    /**
     * Writes a table's file so that a reader sees all of it or nothing.
     *
     * @param force replace a file that says something else
     * @throws DeployException if there is such a file, and it is not to be replaced
     */
    public Written write(TableId table, String text, boolean force) throws IOException {
        Path file = file(table);
        Optional<String> before = read(file);
        if (before.isPresent() && before.get().equals(text)) {
            return Written.SAME;
        }
        if (before.isPresent() && !force) {
            throw saysSomethingElse(file + " exists and says something else");
        }
        try {
            Files.createDirectories(folder);
            Path temporary = Files.createTempFile(folder, "." + table, ".tmp");
            try {
                Files.writeString(temporary, text);
                move(temporary, file);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (ReadOnlyFileSystemException | FileSystemException e) {
            if (isReadOnly(e)) {
                return Written.READ_ONLY;
            }
            throw e;
        }
        return before.isPresent() ? Written.REPLACED : Written.NEW;
    }

    private static boolean isReadOnly(Exception e) {
        return e instanceof ReadOnlyFileSystemException
                || e instanceof AccessDeniedException
                || (e instanceof FileSystemException failed && "Read-only file system".equals(failed.getReason()));
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Takes a table's routes of a type out of its file, and the file away when no source and no sink is left in it.
     *
     * @return the ids of the routes that are gone
     * @throws DeployException if there are none, or the folder can't be written to
     */
    public List<String> remove(TableId table, Type type) throws IOException {
        Path file = file(table);
        RouteText before = RouteText.parse(read(file)
                .orElseThrow(() -> new DeployException("table " + table + " is not deployed: there is no " + file)));
        RouteText after = before;
        if (type.hasSource()) {
            after = after.without(RouteKind.SOURCE);
        }
        if (type.hasSink()) {
            after = after.without(RouteKind.SINK).without(RouteKind.RECONCILE);
        }
        boolean nothingLeft = type == Type.BOTH
                || (after.of(RouteKind.SOURCE).isEmpty()
                        && after.of(RouteKind.SINK).isEmpty());
        if (nothingLeft) {
            after = new RouteText(List.of());
        }
        List<String> gone = new ArrayList<>(before.ids());
        gone.removeAll(after.ids());
        if (gone.isEmpty() && !nothingLeft) {
            throw new DeployException(file + " has no " + (type.hasSource() ? "source" : "sink") + " route");
        }
        if (!nothingLeft) {
            requireWritten(write(table, after.toString(), true), file);
            return gone;
        }
        try {
            Files.delete(file);
        } catch (ReadOnlyFileSystemException | FileSystemException e) {
            requireWritten(isReadOnly(e) ? Written.READ_ONLY : Written.SAME, file);
            throw e;
        }
        return gone;
    }

    private static void requireWritten(Written written, Path file) {
        if (written == Written.READ_ONLY) {
            throw new DeployException(file
                    + " can't be changed, its folder is read-only: take the routes out where the folder comes from");
        }
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

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
