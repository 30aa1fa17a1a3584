package io.github.scyllapgcdc.deadletter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.scyllapgcdc.event.EventCodec;
import io.github.scyllapgcdc.event.EventFormatException;
import io.github.scyllapgcdc.registry.RegistryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;

/** A letter for people, as JSON has it. */
final class LetterView {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LINE = 300;

    private LetterView() {}

    /** One of many: small, whatever the letter is. */
    static Map<String, Object> line(StoredLetter letter) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", letter.id());
        view.put("topic", letter.topic());
        view.put("table", letter.table().orElse(null));
        view.put("changeId", letter.text(DeadLetterHeaders.CHANGE_ID).orElse(null));
        view.put("errorClass", letter.text(DeadLetterHeaders.ERROR_CLASS).orElse(null));
        view.put(
                "error",
                letter.text(DeadLetterHeaders.ERROR_MESSAGE)
                        .map(LetterView::shortened)
                        .orElse(null));
        view.put("sqlState", letter.text(DeadLetterHeaders.ERROR_SQLSTATE).orElse(null));
        view.put("time", letter.text(DeadLetterHeaders.TIME).orElse(null));
        view.put("bytes", letter.value().length);
        view.put("replayedAt", letter.text(DeadLetterHeaders.REPLAYED_AT).orElse(null));
        view.put("replayedHow", letter.text(DeadLetterHeaders.REPLAYED_HOW).orElse(null));
        return view;
    }

    /**
     * All of one letter. The change in it is readable where its bytes and the registry allow; else they are there, in hex.
     *
     * @throws RegistryException if the registry can't be reached
     */
    static Map<String, Object> whole(StoredLetter letter, EventCodec codec) {
        Map<String, Object> view = line(letter);
        view.put("error", letter.text(DeadLetterHeaders.ERROR_MESSAGE).orElse(null));
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : letter.headers()) {
            headers.put(header.key(), text(header));
        }
        view.put("headers", headers);
        if (letter.ofRecord()) {
            event(view, letter, codec);
        } else {
            change(view, letter);
        }
        return view;
    }

    private static void event(Map<String, Object> view, StoredLetter letter, EventCodec codec) {
        try {
            byte[] key = letter.bytes(DeadLetterHeaders.KEY).orElse(null);
            view.put("event", EventView.of(codec.decode(key, letter.value())));
        } catch (EventFormatException e) {
            hex(view, letter, e.getMessage());
        } catch (RegistryException e) {
            if (e.isRetryable()) {
                throw e;
            }
            hex(view, letter, e.getMessage());
        }
    }

    /** What the source wrote is JSON already. */
    private static void change(Map<String, Object> view, StoredLetter letter) {
        try {
            view.put("change", JSON.readValue(letter.value(), new TypeReference<Map<String, Object>>() {}));
        } catch (JsonProcessingException e) {
            hex(view, letter, e.getOriginalMessage());
        } catch (IOException e) {
            throw new IllegalStateException("bytes can always be read", e);
        }
    }

    private static void hex(Map<String, Object> view, StoredLetter letter, String why) {
        view.put("undecodable", why);
        view.put("value", "0x" + HexFormat.of().formatHex(letter.value()));
    }

    private static String text(Header header) {
        if (header.value() == null) {
            return null;
        }
        return header.key().equals(DeadLetterHeaders.KEY)
                ? "0x" + HexFormat.of().formatHex(header.value())
                : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String shortened(String text) {
        int end = text.offsetByCodePoints(0, Math.min(LINE, text.codePointCount(0, text.length())));
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
