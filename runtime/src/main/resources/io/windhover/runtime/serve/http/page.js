// SPDX-License-Identifier: Apache-2.0
// The live page. Names and labels come from strangers: they become text, never markup.

import { Control } from "/control.js";
import { Feed } from "/feed.js";
import { Plot } from "/plot.js";

const MINUTES = 5;
const SLOW_PICTURES_MS = 5000;
const MOST_FOUND = 10;
const STAGES = ["wait", "decode", "preprocess", "accelerate", "classify"];
const COLOURS = ["var(--violet)", "var(--teal)", "var(--sand)", "var(--blue)", "var(--dark-sand)"];

const find = (id) => document.getElementById(id);
const number = (value) => (value ?? 0).toLocaleString("en");
const clock = (date) => date.toLocaleTimeString([], { hour12: false });
const calm = matchMedia("(prefers-reduced-motion: reduce)");

// What would turn the direction of writing, or is not seen, is shown as a mark.
const printable = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, "\ufffd");

const setText = (element, text) => {
    if (element.textContent !== text) {
        element.textContent = text;
    }
};

const element = (name, className) => Object.assign(document.createElement(name), { className: className ?? "" });

// As many children as items; those that are there already are kept, and with them the focus.
const fill = (parent, items, make, update) => {
    while (parent.children.length > items.length) {
        parent.lastElementChild.remove();
    }
    while (parent.children.length < items.length) {
        parent.append(make());
    }
    items.forEach((item, index) => update(parent.children[index], item));
};

const list = (parent, rows) => fill(parent, rows, () => {
    const row = element("div");
    row.append(element("dt"), element("dd"));
    return row;
}, (row, [name, value, bad]) => {
    setText(row.firstChild, name);
    setText(row.lastChild, value);
    row.lastChild.classList.toggle("bad", Boolean(bad));
});

const duration = (seconds) => {
    const parts = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
    const first = Math.max(0, parts.findIndex(([size, unit]) => seconds >= size || unit === "s"));
    return parts.slice(first, first + 2)
        .map(([size, unit], at) => `${at ? Math.floor((seconds % parts[first][0]) / size) : Math.floor(seconds / size)} ${unit}`)
        .join(" ");
};

const bytes = (count) => {
    const power = Math.min(3, Math.floor(Math.log2(Math.max(1, count)) / 10));
    return `${Number((count / 1024 ** power).toPrecision(3))} ${["B", "KiB", "MiB", "GiB"][power]}`;
};

const milliseconds = (micros) => {
    const value = micros / 1000;
    return value >= 100 ? number(Math.round(value)) : value.toFixed(value >= 10 ? 1 : 2);
};

const control = new Control();
const ratePlot = new Plot(find("rateplot"), MINUTES, "/s", [{ name: "frames a second", colour: "var(--blue)" }]);
const latencyPlot = new Plot(find("latencyplot"), MINUTES, " ms", [
    ...STAGES.map((name, index) => ({ name, colour: COLOURS[index], stacked: true })),
    { name: "total, 99 %", colour: "var(--red)" },
]);
const history = new Map();
let state = null;
let chosen = null;
let paused = false;

const remember = (now) => {
    const names = new Set(state.streams.map((stream) => stream.name));
    [...history.keys()].filter((name) => !names.has(name)).forEach((name) => history.delete(name));
    for (const stream of state.streams) {
        const past = history.get(stream.name) ?? { rate: [], latency: [] };
        const total = stream.stages.total;
        past.rate.push({ time: now, values: [stream.framesPerSecond] });
        past.latency.push({
            time: now,
            values: total?.frames ? [...STAGES.map((stage) => (stream.stages[stage]?.p50 ?? 0) / 1000), total.p99 / 1000] : null,
        });
        for (const points of Object.values(past)) {
            while (points[0].time < now - MINUTES * 60000) {
                points.shift();
            }
        }
        history.set(stream.name, past);
    }
};

// Sentences of the node begin in lower case and have no full stop.
const ended = (text) => printable(text).trim().replace(/(?<![.!?])$/, ".");

const troubles = (serviceTrouble) => {
    const found = serviceTrouble ? [`Service: ${ended(serviceTrouble)}`] : [];
    if (!state) {
        return found;
    }
    if (!state.alive) {
        found.push("The inference loop makes no progress.");
    }
    if (state.device.trouble) {
        found.push(`Device: ${ended(state.device.trouble)}`);
    }
    for (const stream of state.streams.filter((one) => one.trouble)) {
        found.push(`${printable(stream.name)}: ${ended(stream.trouble)}`);
    }
    if (state.broker && !state.broker.connected) {
        found.push(`The broker ${printable(state.broker.address)} does not answer. Messages wait.`);
    }
    if (state.broker && !state.broker.onDisk) {
        found.push("The disk takes no messages. They wait in memory only.");
    }
    return found;
};

const drawTroubles = (serviceTrouble) => {
    const found = troubles(serviceTrouble);
    find("troubles").hidden = found.length === 0;
    fill(find("troubles").firstElementChild, found, () => element("li"), setText);
    document.title = `${found.length ? "! " : ""}${state ? printable(state.node) : "Windhover"}`;
};

const drawPicker = () => {
    find("picker").hidden = state.streams.length < 2;
    fill(find("picker").firstElementChild, state.streams, () => {
        const entry = element("li");
        const button = Object.assign(element("button"), { type: "button" });
        button.append(element("strong"), element("span"));
        button.addEventListener("click", () => {
            chosen = button.stream;
            draw();
        });
        entry.append(button);
        return entry;
    }, (entry, stream) => {
        const button = entry.firstElementChild;
        button.stream = stream.name;
        button.setAttribute("aria-pressed", String(stream.name === chosen));
        setText(button.firstElementChild, printable(stream.name));
        const running = stream.activity === "running" ? `${(stream.framesPerSecond ?? 0).toFixed(1)} a second` : stream.activity;
        const first = stream.found[0] ?? stream.top[0];
        const more = stream.found.length > 1 ? ` and ${stream.found.length - 1} more` : "";
        const best = first ? `, ${printable(first.label)}${more}` : "";
        setText(button.lastElementChild, stream.trouble ? ended(stream.trouble) : running + best);
        button.lastElementChild.className = stream.trouble ? "bad" : "quiet";
    });
};

const noTop = (stream, model) => {
    if (stream.frames === 0) {
        return "No result yet";
    }
    return { detections: "Nothing found", outputs: "This model does not classify" }[model?.results] ?? "No class in the last result";
};

// The classes of a whole picture, or what was found in it.
const drawTop = (stream, model) => {
    const shown = stream.found.length ? stream.found.slice(0, MOST_FOUND) : stream.top.slice(0, 5);
    find("notop").hidden = shown.length > 0;
    setText(find("notop"), noTop(stream, model));
    fill(find("top"), shown, () => {
        const entry = element("li");
        const label = element("div", "label");
        const track = element("div", "track");
        label.append(element("span"), element("span"));
        track.append(element("div", "bar"));
        entry.append(label, track);
        return entry;
    }, (entry, { label, score, colour }) => {
        setText(entry.firstChild.firstChild, printable(label));
        entry.lastChild.firstChild.style.background = colour ?? "";
        setText(entry.firstChild.lastChild, `${(score * 100).toFixed(1)} %`);
        entry.lastChild.firstChild.style.width = `${Math.min(100, Math.max(0, score * 100))}%`;
    });
};

const LABEL_PIXELS = 13;
const graphic = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

// In the picture's own pixels, over the picture, which keeps its proportions in its frame.
const drawBoxes = (stream) => {
    const image = find("frame");
    const boxes = find("boxes");
    const [width, height] = [image.naturalWidth, image.naturalHeight];
    const found = image.hidden || !width ? [] : stream.found;
    const unit = Math.max(width / (boxes.clientWidth || 1), height / (boxes.clientHeight || 1));
    boxes.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
    fill(boxes, found, () => {
        const group = graphic("g");
        group.append(graphic("rect"), graphic("text"));
        return group;
    }, (group, { label, score, box: [left, top, right, bottom], colour }) => {
        const [frame, text] = group.children;
        Object.entries({ x: left * width, y: top * height, width: (right - left) * width, height: (bottom - top) * height, stroke: colour })
            .forEach(([name, value]) => frame.setAttribute(name, value));
        const size = LABEL_PIXELS * unit;
        const above = top * height > size * 1.4;
        Object.entries({ x: left * width + 2 * unit, y: top * height + (above ? -0.4 : 1.1) * size, "font-size": size, "stroke-width": 3 * unit })
            .forEach(([name, value]) => text.setAttribute(name, value));
        setText(text, `${printable(label)} ${(score * 100).toFixed(0)} %`);
    });
};

const drawStages = (stream) => {
    const rows = [...STAGES, "total"].filter((stage) => stream.stages[stage]).map((stage) => [stage, stream.stages[stage]]);
    fill(find("stages"), rows, () => {
        const row = element("tr");
        row.append(Object.assign(element("th"), { scope: "row" }), element("td"), element("td"), element("td"), element("td"));
        return row;
    }, (row, [stage, latency]) => {
        [stage, ...["p50", "p90", "p99", "max"].map((key) => milliseconds(latency[key]))]
            .forEach((text, column) => setText(row.children[column], text));
    });
};

const drawPlots = (stream, now) => {
    const past = history.get(stream.name) ?? { rate: [], latency: [] };
    const rate = (stream.framesPerSecond ?? 0).toFixed(1);
    const total = stream.stages.total;
    setText(find("rate"), rate);
    setText(find("latency"), total ? `${milliseconds(total.p50)} ms, median` : "");
    ratePlot.draw(past.rate, now, `Frames a second over the last ${MINUTES} minutes, now ${rate}`);
    latencyPlot.draw(past.latency, now, `Latency over the last ${MINUTES} minutes by stage; the table below has the figures`);
};

const picture = { loading: false, key: null, at: 0 };

const drawPicture = (stream) => {
    const has = state.pictures && stream.frames > 0;
    setText(find("noframe"), state.pictures ? "No frame yet" : "Pictures are not shown (http.pictures)");
    if (picture.stream !== stream.name || !has) {
        picture.stream = stream.name;
        picture.key = null;
        picture.at = 0;
        find("frame").hidden = true;
        find("noframe").hidden = false;
    }
    const key = `${stream.name} ${stream.frames}`;
    if (!has || picture.loading || key === picture.key || (calm.matches && Date.now() - picture.at < SLOW_PICTURES_MS)) {
        return;
    }
    Object.assign(picture, { loading: true, key, at: Date.now() });
    const next = Object.assign(new Image(), { id: "frame", alt: `Newest frame of ${printable(stream.name)}` });
    next.addEventListener("load", () => {
        picture.loading = false;
        if (picture.stream === stream.name) {
            find("frame").replaceWith(next);
            find("noframe").hidden = true;
        }
    });
    next.addEventListener("error", () => { picture.loading = false; });
    next.src = `/picture/${encodeURIComponent(stream.name)}?${stream.frames}`;
};

const drawStream = (stream) => {
    const model = state.models.find((one) => one.key === stream.model);
    setText(find("name"), printable(stream.name));
    find("activity").hidden = false;
    find("activity").dataset.is = stream.activity;
    setText(find("activity"), stream.activity);
    setText(find("runs"), `runs ${printable(model?.name ?? stream.model)}`);
    list(find("counts"), [
        ["Frames", number(stream.frames)], ["Published", number(stream.published)], ["Skipped", number(stream.skipped)],
        ["Refused", number(stream.refused)], ["Restarts of the source", number(stream.restarts)],
    ]);
    drawPicture(stream);
    drawBoxes(stream);
    drawTop(stream, model);
    drawStages(stream);
    drawPlots(stream, Date.now());
};

const drawNode = () => {
    const { device, broker } = state;
    setText(find("node"), printable(state.node));
    setText(find("about"), `Windhover ${printable(state.version)}, up ${duration(state.uptimeSeconds)}`);
    list(find("device"), [
        ["Runs on", printable(device.locator)], ["State", device.trouble ? "in trouble" : "works", device.trouble],
        ["Frames", number(device.frames)], ["Resets", number(device.resets)],
    ]);
    list(find("broker"), broker ? [
        ["Broker", printable(broker.address)], ["State", broker.connected ? "connected" : "not connected", !broker.connected],
        ["Delivered", number(broker.delivered)], ["Waiting", number(broker.waiting)],
        ["Oldest result", `${duration(broker.oldestSeconds)} old`], ["Dropped", number(broker.dropped)],
        ["Reconnects", number(broker.reconnects)], ["Queue", `${bytes(broker.queueBytes)} ${broker.onDisk ? "on disk" : "in memory only"}`, !broker.onDisk],
    ] : [["State", "no broker is configured"]]);
    list(find("service"), [
        ["Ready", state.ready ? "yes" : "no", !state.ready], ["Reloads", number(state.reloads)],
        ["Models", state.models.map((model) => printable(model.key)).join(", ")],
        ...Object.entries(state.refusals).map(([kind, count]) => [`Refused: ${printable(kind)}`, number(count)]),
    ]);
};

const draw = () => {
    const stream = state.streams.find((one) => one.name === chosen) ?? state.streams[0];
    chosen = stream?.name;
    drawTroubles();
    drawNode();
    drawPicker();
    control.draw(state, stream, printable);
    if (stream) {
        drawStream(stream);
    }
};

const drawConnection = (lostSince) => {
    find("connection").dataset.is = lostSince ? "lost" : paused ? "waiting" : "live";
    setText(find("connection"), lostSince ? `Disconnected since ${clock(lostSince)}, trying again` : paused ? "Paused" : "Live");
    document.querySelector("main").classList.toggle("old", Boolean(lostSince));
};

const feed = new Feed({
    onState(newest) {
        state = newest;
        remember(Date.now());
        if (paused) {
            drawTroubles();
        } else {
            draw();
        }
    },
    onTrouble: drawTroubles,
    onConnection: drawConnection,
});

find("pause").addEventListener("click", () => {
    paused = !paused;
    find("pause").setAttribute("aria-pressed", String(paused));
    drawConnection(feed.lostSince);
    if (!paused && state) {
        draw();
    }
});

feed.connect();
