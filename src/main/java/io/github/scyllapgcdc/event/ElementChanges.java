package io.github.scyllapgcdc.event;

import java.util.BitSet;
import java.util.List;

/**
 * The columns of a change of which only some elements were written: a set's elements, a map's entries, a user type's fields.
 * For them the event's values hold what was added or overwritten, and nothing is known of the other elements.
 *
 * @param columns indices of the value columns this is about; each is among the event's changed columns, too. A changed
 *     column that is not here was written whole
 * @param removed what was removed, in the order of the value columns: elements of a set, keys of a map, names of a user
 *     type's fields; null where nothing was
 */
public record ElementChanges(BitSet columns, List<List<Object>> removed) {}
