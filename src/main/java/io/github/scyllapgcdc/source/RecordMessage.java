package io.github.scyllapgcdc.source;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.support.DefaultMessage;

/** A message that becomes one Kafka record. A plain map of headers, for there is one a row and they are only looked up. */
final class RecordMessage extends DefaultMessage {
    RecordMessage(CamelContext context) {
        super(context);
    }

    @Override
    protected Map<String, Object> createHeaders() {
        return new HashMap<>(8);
    }
}
