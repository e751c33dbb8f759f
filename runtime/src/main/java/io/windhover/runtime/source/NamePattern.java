// SPDX-License-Identifier: Apache-2.0
package io.windhover.runtime.source;

/**
 * A pattern of file names: {@code *} stands for any characters, {@code ?} for one. As in a shell, a name that begins
 * with a dot matches only a pattern that does; programs that copy files name them so until they are whole.
 */
final class NamePattern {
    private final int[] pattern;

    NamePattern(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    boolean matches(String name) {
        int[] text = name.codePoints().toArray();
        boolean hidden = text.length > 0 && text[0] == '.';
        return (!hidden || (pattern.length > 0 && pattern[0] == '.')) && matches(text);
    }

    /** A star first stands for nothing; where that leads nowhere, the last one takes one character more. */
    private boolean matches(int[] text) {
        int at = 0;
        int star = -1;
        int afterStar = 0;
        int position = 0;
        while (position < text.length) {
            if (at < pattern.length && pattern[at] == '*') {
                star = at++;
                afterStar = position;
            } else if (at < pattern.length && (pattern[at] == '?' || pattern[at] == text[position])) {
                at++;
                position++;
            } else if (star >= 0) {
                at = star + 1;
                position = ++afterStar;
            } else {
                return false;
            }
        }
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        return at == pattern.length;
    }
}
