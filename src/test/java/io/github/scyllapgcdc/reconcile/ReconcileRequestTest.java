package io.github.scyllapgcdc.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.scyllapgcdc.event.TableId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconcileRequestTest {
    private static final Instant NOW = Instant.parse("2026-01-31T08:00:00Z");

    @Test
    void aTableAloneIsComparedAsAWholeAndLeftAsItIs() {
        ReconcileRequest request = of("table", "ecommerce.users");

        assertThat(request)
                .usingRecursiveComparison()
                .isEqualTo(new ReconcileRequest(
                        request.id(),
                        new TableId("ecommerce", "users"),
                        Mode.FULL,
                        null,
                        100,
                        false,
                        false,
                        false,
                        false));
        assertThat(request.id()).isNotEqualTo(of("table", "ecommerce.users").id());
    }

    @Test
    void optionsAreTakenAsJsonOrTextHasThem() {
        assertThat(of("table", "a.b", "repair", true, "deleteExtra", "TRUE", "dryRun", true, "restart", "true"))
                .satisfies(request -> {
                    assertThat(request.repair()).isTrue();
                    assertThat(request.deleteExtra()).isTrue();
                    assertThat(request.dryRun()).isTrue();
                    assertThat(request.restart()).isTrue();
                });
        assertThat(of("table", "a.b", "mode", "Sample", "percent", 2.5).percent())
                .isEqualTo(2.5);
        assertThat(of("table", "a.b", "mode", "sample").percent()).isEqualTo(1);
        assertThat(of("table", "a.b", "mode", null, "since", "").mode()).isEqualTo(Mode.FULL);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "2026-01-31T07:30:00Z,      2026-01-31T07:30:00Z",
        "2026-01-31T09:30:00+02:00, 2026-01-31T07:30:00Z",
        "90s,                       2026-01-31T07:58:30Z",
        "15m,                       2026-01-31T07:45:00Z",
        "2H,                        2026-01-31T06:00:00Z",
        "3d,                        2026-01-28T08:00:00Z",
    })
    void sinceIsATimeOrHowLongAgo(String since, Instant expected) {
        assertThat(of("table", "a.b", "mode", "incremental", "since", since).since())
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} {1} {2} {3}: {4}")
    @CsvSource(
            delimiter = '|',
            value = {
                "mode|full|percent|5|percent=5 is refused: expected nothing, for mode full",
                "mode|full|since|1h|since=1h is refused: expected nothing, for mode full",
                "mode|sample|percent|0|percent=0 is refused: expected a number above 0 and up to 100",
                "mode|sample|percent|100.5|percent=100.5 is refused",
                "mode|sample|percent|NaN|percent=NaN is refused",
                "mode|sample|percent|many|percent=many is refused",
                "mode|incremental|since|''|since is missing: mode incremental needs an instant",
                "mode|incremental|since|yesterday|since=yesterday is refused: expected an instant as 2026-01-31T08:00:00Z",
                "mode|incremental|since|2026-01-31T08:00:00Z|since=2026-01-31T08:00:00Z is refused: expected a time before now",
                "mode|incremental|since|0s|since=0s is refused: expected a time before now",
                "mode|everything|repair|true|mode=everything is refused: expected full, incremental or sample",
                "mode|full|repair|yes|repair=yes is refused: expected true or false",
                "mode|full|deleteExtra|true|deleteExtra=true is refused without repair=true",
                "mode|full|delete-extra|true|delete-extra is not known here: expected deleteExtra, dryRun, mode",
            })
    void whatIsWrongIsNamed(String name, String value, String otherName, String otherValue, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("table", "a.b", name, value, otherName, otherValue))
                .withMessageContaining(message);
    }

    @Test
    void aRequestNeedsATable() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("mode", "full"))
                .withMessage("table is missing: expected <keyspace>.<table>");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> of("table", "users"))
                .withMessageContaining("\"users\" is not a table");
    }

    private static ReconcileRequest of(Object... namesAndValues) {
        Map<String, Object> given = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            given.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return ReconcileRequest.of(given, NOW);
    }
}
