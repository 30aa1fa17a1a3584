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
                    'enabled': true                                     | true  | 86400
                    'enabled': 'true', 'ttl': '60'                      | true  | 60
                    'enabled': false                                    | false | 86400
                    'preimage': false, 'delta': 'full', 'enabled': true | true  | 86400
                    'enabled':true,'ttl':0                              | true  | 0
                    'ttl': 5                                            | false | 5
                    """)
    void readsTheOptionsOfAStatement(String entries, boolean enabled, int ttl) {
        assertThat(CdcOptions.parse(entries)).isEqualTo(new CdcOptions(enabled, ttl));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'preimage': true", "'preimage': 'full'", "'postimage': true", "'delta': 'keys'"})
    void refusesWhatItDoesNotEmulate(String entries) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CdcOptions.parse("'enabled': true, " + entries))
                .withMessageContaining("does not emulate cdc option");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'enabled': maybe", "'enabled': true, 'ttl': -1", "'enable': true", "enabled = true"})
    void refusesWhatIsNoOption(String entries) {
        assertThatIllegalArgumentException().isThrownBy(() -> CdcOptions.parse(entries));
    }

    @Test
    void writesTheExtensionThatDriversRead() {
        CdcOptions options = new CdcOptions(true, 60);

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
