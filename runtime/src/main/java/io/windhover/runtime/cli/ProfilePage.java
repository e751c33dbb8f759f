// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.cli;

import io.windhover.runtime.profile.Profile;
import io.windhover.runtime.report.HtmlPage;
import io.windhover.runtime.report.LayerTable;
import io.windhover.runtime.report.ProfileSums;

/** A profile as one HTML page: its sums, and its layers with bars. */
final class ProfilePage {
    private ProfilePage() {}

    static String write(Profile profile) {
        HtmlPage page = new HtmlPage(profile.model())
                .add(HtmlPage.heading(1, profile.model()))
                .add(HtmlPage.paragraph(
                        profile.device() + ", " + profile.config() + ": " + ProfileSums.of(profile) + "."));
        profile.host().forEach(part -> page.add(HtmlPage.paragraph(ProfileText.words(part, profile))));
        return page.add(HtmlPage.paragraph(LayerTable.LEGEND))
                .add(LayerTable.of(profile))
                .end();
    }
}
