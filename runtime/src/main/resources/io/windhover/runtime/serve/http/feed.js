// SPDX-License-Identifier: Apache-2.0
// The node's states as they come, for as long as somebody looks.

const HIDDEN_MS = 60000;
const SILENCE_MS = 12000;
const RETRY_MS = 3000;

export class Feed {
    // Told of each state, of sentences about the service itself, and since when the connection is lost (null: it is not).
    constructor({ onState, onTrouble, onConnection }) {
        Object.assign(this, { onState, onTrouble, onConnection, source: null, lostSince: null, heard: 0 });
        setInterval(() => this.check(), RETRY_MS);
        document.addEventListener("visibilitychange", () => this.followVisibility());
    }

    connect() {
        this.source?.close();
        this.source = new EventSource("/events");
        this.heard = Date.now();
        this.source.addEventListener("message", (event) => {
            this.hear();
            this.onState(JSON.parse(event.data));
        });
        this.source.addEventListener("trouble", (event) => {
            this.hear();
            this.onTrouble(event.data);
        });
        this.source.addEventListener("error", () => this.lose());
    }

    hear() {
        this.heard = Date.now();
        this.lostSince = null;
        this.onConnection(null);
    }

    lose() {
        this.lostSince ??= new Date();
        this.onConnection(this.lostSince);
    }

    // An event source that was refused does not try again by itself, and one on a dead line does not notice.
    check() {
        if (this.source && (this.source.readyState === EventSource.CLOSED || Date.now() - this.heard > SILENCE_MS)) {
            this.lose();
            this.connect();
        }
    }

    // A page that nobody looks at does not keep the node busy.
    followVisibility() {
        clearTimeout(this.leaving);
        if (!document.hidden && !this.source) {
            this.connect();
        }
        if (document.hidden) {
            this.leaving = setTimeout(() => {
                this.source?.close();
                this.source = null;
            }, HIDDEN_MS);
        }
    }
}
