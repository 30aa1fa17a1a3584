package io.github.scyllapgcdc.deadletter;

import io.github.scyllapgcdc.event.TableId;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which letters are meant: those to which all of it applies.
 *
 * @param ids the letters' own; empty: any
 * @param topic of the dead letters
 * @param table whose letters
 * @param error a part of the error's class name or of its text, whatever the letters' case, or a whole SQLSTATE
 * @param state whether they were replayed
 * @param limit at most so many, the oldest first
 */
public record LetterQuery(
        Set<String> ids,
        Optional<String> topic,
        Optional<TableId> table,
        Optional<String> error,
        Optional<State> state,
        Optional<Integer> limit) {

    /** The names that {@link #of} knows. */
    public static final Set<String> NAMES = Set.of("ids", "topic", "table", "error", "state", "limit");

    /** What became of a letter since it was written. */
    public enum State {
        PENDING,
        REPLAYED
    }

    public LetterQuery {
        ids = Set.copyOf(ids);
    }

    /**
     * The query that named values make.
     *
     * @throws IllegalArgumentException if one of them is not what it has to be; the message names it
     */
    public static LetterQuery of(Map<String, ?> given) {
        return new LetterQuery(
                ids(given.get("ids")),
                text(given, "topic").map(LetterQuery::topic),
                text(given, "table").map(TableId::parse),
                text(given, "error"),
                text(given, "state").map(LetterQuery::state),
                text(given, "limit").map(LetterQuery::limit));
    }

    /** Whether it says nothing that a letter could fail, so that it means all there are. */
    public boolean meansAll() {
        return ids.isEmpty() && topic.isEmpty() && table.isEmpty() && error.isEmpty() && state.isEmpty();
    }

    /** Whether there can be letters of it in a topic. */
    boolean mayBeIn(String letterTopic) {
        return topic.isEmpty() || topic.get().equals(letterTopic);
    }

    /** Whether a letter is meant; the limit is left to who counts. */
    public boolean matches(StoredLetter letter) {
        return (ids.isEmpty() || ids.contains(letter.id()))
                && mayBeIn(letter.topic())
                && (table.isEmpty() || letter.table().equals(table.map(TableId::topic)))
                && (error.isEmpty() || matchesError(letter, error.get()))
                && (state.isEmpty() || letter.replayed() == (state.get() == State.REPLAYED));
    }

    private static boolean matchesError(StoredLetter letter, String sought) {
        return letter.text(DeadLetterHeaders.ERROR_SQLSTATE).equals(Optional.of(sought))
                || contains(letter.text(DeadLetterHeaders.ERROR_CLASS), sought)
                || contains(letter.text(DeadLetterHeaders.ERROR_MESSAGE), sought);
    }

    private static boolean contains(Optional<String> text, String part) {
        return text.isPresent() && text.get().toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
    }

    private static Optional<String> text(Map<String, ?> given, String name) {
        Object value = given.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!(value instanceof String || value instanceof Integer)
                || value.toString().isBlank()) {
            throw new IllegalArgumentException(name + "=" + value + " is refused: expected one text");
        }
        return Optional.of(value.toString().strip());
    }

    private static Set<String> ids(Object value) {
        if (value == null) {
            return Set.of();
        }
        if (!(value instanceof Collection<?> list) || list.isEmpty()) {
            throw new IllegalArgumentException("ids=" + value + " is refused: expected a list of letters' ids");
        }
        return list.stream().map(String::valueOf).collect(Collectors.toSet());
    }

    private static String topic(String value) {
        if (!DeadLetterTopic.ALL.contains(value)) {
            throw new IllegalArgumentException(
                    "topic=" + value + " is refused: expected one of " + String.join(", ", DeadLetterTopic.ALL));
        }
        return value;
    }

    private static State state(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "pending" -> State.PENDING;
            case "replayed" -> State.REPLAYED;
            default ->
                throw new IllegalArgumentException("state=" + value + " is refused: expected pending or replayed");
        };
    }

    private static int limit(String value) {
        if (!value.matches("[1-9]\\d{0,8}")) {
            throw new IllegalArgumentException("limit=" + value + " is refused: expected a number from 1 on");
        }
        return Integer.parseInt(value);
    }
}
