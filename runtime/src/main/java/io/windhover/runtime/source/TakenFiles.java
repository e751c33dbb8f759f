// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

import org.jspecify.annotations.Nullable;

/**
 * Which files were taken before, those included that have gone: a network drive may come back. When many have gone, a
 * listing forgets them.
 */
final class TakenFiles {
    private static final int REMEMBERED = 200_000;

    private IdentitySet identities = new IdentitySet();
    private @Nullable IdentitySet seen;
    private int limit = REMEMBERED;

    boolean contains(long identity) {
        boolean contained = identities.contains(identity);
        if (contained && seen != null) {
            seen.add(identity);
        }
        return contained;
    }

    void add(long identity) {
        identities.add(identity);
        if (seen != null) {
            seen.add(identity);
        }
    }

    /** From here on {@link #contains} is asked for every file that is there. */
    void beginListing() {
        seen = identities.size() > limit ? new IdentitySet() : null;
    }

    /** Every file that is there has been asked for. */
    void endListing() {
        if (seen != null) {
            identities = seen;
            limit = Math.max(REMEMBERED, 2 * identities.size());
            seen = null;
        }
    }
}
