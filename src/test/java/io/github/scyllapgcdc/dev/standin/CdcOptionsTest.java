package io.github.scyllapgcdc.dev.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdcOptionsTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    'enabled': true                                      | true  | NONE    | false | false | 86400
                    'enabled': 'true', 'ttl': '60'                       | true  | NONE    | false | false | 60
                    'enabled': false                                     | false | NONE    | false | false | 86400
                    'preimage': false, 'delta': 'full', 'enabled': true  | true  | NONE    | false | false | 86400
                    'enabled':true,'ttl':0                               | true  | NONE    | false | false | 0
                    'ttl': 5                                             | false | NONE    | false | false | 5
                    'enabled': true, 'preimage': true                    | true  | TOUCHED | false | false | 86400
                    'enabled': true, 'preimage': 'full'                  | true  | ALL     | false | false | 86400
                    'enabled': true, 'postimage': 'true', 'delta': keys  | true  | NONE    | true  | true  | 86400
                    """)
    void readsTheOptionsOfAStatement(
            String entries,
            boolean enabled,
            CdcOptions.Preimage preimage,
            boolean postimage,
            boolean keysOnly,
            int ttl) {
        CdcOptions options = CdcOptions.parse(entries);

        assertThat(options).isEqualTo(new CdcOptions(enabled, preimage, postimage, keysOnly, ttl));
        assertThat(CdcOptions.fromExtension(options.toExtension())).isEqualTo(options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'enabled': maybe",
                "'enabled': true, 'ttl': -1",
                "'enable': true",
                "enabled = true",
                "'preimage': 'half'",
                "'postimage': 'full'",
                "'delta': 'off'"
            })
    void refusesWhatIsNoOption(String entries) {
        assertThatIllegalArgumentException().isThrownBy(() -> CdcOptions.parse(entries));
    }

    @Test
    void writesTheExtensionThatDriversRead() {
        CdcOptions options = CdcOptions.parse("'enabled': true, 'ttl': 60");

        ByteBuffer bytes = options.toExtension().duplicate().order(ByteOrder.LITTLE_ENDIAN);

        assertThat(bytes.getInt()).isEqualTo(5);
        assertThat(text(bytes)).isEqualTo("delta");
        assertThat(text(bytes)).isEqualTo("full");
        assertThat(text(bytes)).isEqualTo("enabled");
        assertThat(text(bytes)).isEqualTo("true");
        assertThat(CdcOptions.fromExtension(options.toExtension())).isEqualTo(options);
        assertThat(CdcOptions.fromExtension(null).enabled()).isFalse();
    }

    private static String text(ByteBuffer bytes) {
        byte[] utf8 = new byte[bytes.getInt()];
        bytes.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
