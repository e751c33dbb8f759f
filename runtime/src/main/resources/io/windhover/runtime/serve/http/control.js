// SPDX-License-Identifier: Apache-2.0
// Starting, stopping and choosing models, for whoever has the token. It is kept until the tab is closed.

const KEY = "windhover-token";
const NO_TOKEN = "Nothing can be changed from here: no token is configured (http.token).";
const find = (id) => document.getElementById(id);

const say = (id, text, bad) => {
    find(id).textContent = text;
    find(id).classList.toggle("bad", bad);
};

// Why the node does not do something, as a sentence with its status; null where it does.
const refusal = async (path, token, body) => {
    try {
        const response = await fetch(path, {
            method: "POST",
            headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
            body: JSON.stringify(body),
        });
        const answer = await response.json();
        return response.ok ? null : { status: response.status, text: answer.error.replace(/[.]?$/, ".") };
    } catch (failure) {
        return { status: 0, text: "the node does not answer." };
    }
};

export class Control {
    constructor() {
        this.token = sessionStorage.getItem(KEY);
        this.stream = null;
        this.listed = null;
        this.chosen = false;
        find("unlock").addEventListener("submit", (event) => this.unlock(event));
        find("lock").addEventListener("click", () => this.lock("Locked."));
        find("running").addEventListener("click", () =>
            this.change("running", { running: this.stream.activity !== "running" }));
        find("model").addEventListener("change", () => { this.chosen = true; });
        find("control").addEventListener("submit", (event) => {
            event.preventDefault();
            this.change("model", { model: find("model").value });
        });
    }

    async unlock(event) {
        event.preventDefault();
        const token = find("token").value;
        const wrong = await refusal("/token", token);
        if (wrong) {
            say("answer", `Not unlocked: ${wrong.text}`, true);
            return;
        }
        this.token = token;
        find("token").value = "";
        sessionStorage.setItem(KEY, token);
        this.show();
        say("answer", "Unlocked until this tab is closed.", false);
        (find("control").hidden ? find("lock") : find("running")).focus();
    }

    lock(why, bad = false) {
        sessionStorage.removeItem(KEY);
        this.token = null;
        say("outcome", "", false);
        this.show();
        say("answer", why, bad);
        find("token").focus();
    }

    // The models may be those of another configuration after a reload; what somebody is choosing stays.
    draw(state, stream, printable) {
        if (stream?.name !== this.stream?.name) {
            this.chosen = false;
            say("outcome", "", false);
        }
        this.stream = stream;
        this.allowed = state.control;
        const models = JSON.stringify(state.models.map((model) => [model.key, model.name]));
        if (models !== this.listed) {
            this.listed = models;
            find("model").replaceChildren(...state.models.map((model) => {
                const name = printable(model.key);
                return new Option(model.name === model.key ? name : `${name} (${printable(model.name)})`, model.key);
            }));
            this.chosen = false;
        }
        if (stream && !this.chosen && document.activeElement !== find("model")) {
            find("model").value = stream.model;
        }
        this.show();
    }

    show() {
        const open = Boolean(this.token) && this.allowed;
        find("unlock").hidden = open || !this.allowed;
        find("lock").hidden = !open;
        find("control").hidden = !open || !this.stream;
        if (this.allowed === false) {
            say("answer", NO_TOKEN, false);
        } else if (find("answer").textContent === NO_TOKEN) {
            say("answer", "", false);
        }
        if (this.stream) {
            find("running").textContent = this.stream.activity === "running" ? "Stop" : "Start";
            find("running").disabled = this.busy;
            find("apply").disabled = this.busy;
        }
    }

    async change(what, body) {
        const name = this.stream.name;
        this.busy = true;
        this.show();
        say("outcome", "Changing.", false);
        const refused = await refusal(`/streams/${encodeURIComponent(name)}/${what}`, this.token, body);
        if (refused?.status === 401) {
            this.lock(`Not changed: ${refused.text}`, true);
        } else if (refused) {
            say("outcome", `Not changed: ${refused.text}`, true);
        } else {
            this.chosen = false;
            say("outcome", "Changed.", false);
        }
        this.busy = false;
        this.show();
    }
}
