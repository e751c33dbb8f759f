// SPDX-License-Identifier: Apache-2.0
// Plots over the last minutes, as SVG. A plot is told its points, oldest first: {time, values}; null values leave a gap.

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 150;
const LEFT = 38;
const BOTTOM = 20;
const TOP = 8;
// Points further apart, in milliseconds, are not joined.
const GAP = 3500;

const svg = (name, attributes) => {
    const element = document.createElementNS(SVG, name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    return element;
};

// The least of some round numbers times a power of ten that is not below the value.
export const niceAbove = (value) => {
    if (!(value > 0)) {
        return 1;
    }
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 3, 4, 6, 8, 10].map((step) => step * power).find((step) => step >= value * 0.999);
};

const short = (value) => (value >= 10000 ? `${value / 1000}k` : String(Number(value.toPrecision(3))));

// A plot of series {name, colour, stacked}: areas on each other, or a line.
export class Plot {
    constructor(parent, minutes, unit, series) {
        Object.assign(this, { minutes, unit, series });
        this.image = svg("svg", { role: "img" });
        this.grid = [0, 0.5, 1].map((share) => ({
            share,
            line: this.image.appendChild(svg("line", { class: "grid", x1: LEFT })),
            text: this.image.appendChild(svg("text", { x: LEFT - 6, "text-anchor": "end" })),
        }));
        this.past = this.image.appendChild(svg("text", { x: LEFT, y: HEIGHT - 4 }));
        this.now = this.image.appendChild(svg("text", { y: HEIGHT - 4, "text-anchor": "end" }));
        this.now.textContent = "now";
        this.paths = series.map((one) => this.image.appendChild(svg("path", one.stacked
            ? { fill: one.colour, stroke: "none" }
            : { fill: "none", stroke: one.colour, "stroke-width": 2, "stroke-linejoin": "round" })));
        parent.append(this.image);
        if (series.length > 1) {
            parent.append(this.legend());
        }
    }

    legend() {
        const legend = document.createElement("div");
        legend.className = "legend";
        for (const one of this.series) {
            const entry = document.createElement("span");
            const swatch = document.createElement("i");
            swatch.style.background = one.colour;
            entry.append(swatch, one.name);
            legend.append(entry);
        }
        return legend;
    }

    draw(points, time, label) {
        const width = Math.max(200, this.image.clientWidth || 400);
        this.image.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
        this.image.setAttribute("aria-label", label);
        const stacks = points.map((point) => point.values && this.stack(point.values));
        const most = niceAbove(Math.max(0, ...stacks.flatMap((stack) => (stack ? stack.map(([, high]) => high) : []))));
        const age = points.length ? (time - points[0].time) / 60000 : 0;
        const minutes = [1, 2, this.minutes].find((some) => age <= some) ?? this.minutes;
        this.past.textContent = minutes === 1 ? "1 minute ago" : `${minutes} minutes ago`;
        const x = (at) => LEFT + (width - LEFT) * (1 - (time - at) / (minutes * 60000));
        const y = (value) => HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * (value / most);
        this.drawGrid(width, most, y);
        this.paths.forEach((path, index) => {
            const runs = this.runs(points, stacks, index).map((run) => run.map(([at, low, high]) => [x(at), y(low), y(high)]));
            path.setAttribute("d", runs.map((run) => outline(run, this.series[index].stacked)).join(""));
        });
    }

    // For each series where it begins and where it ends, from the axis.
    stack(values) {
        let base = 0;
        return this.series.map((one, index) => {
            const value = values[index] ?? 0;
            if (!one.stacked) {
                return [0, value];
            }
            base += value;
            return [base - value, base];
        });
    }

    // Stretches without a gap, as [time, low, high].
    runs(points, stacks, index) {
        const runs = [];
        let last = -Infinity;
        points.forEach((point, at) => {
            if (!stacks[at]) {
                last = -Infinity;
                return;
            }
            if (point.time - last > GAP) {
                runs.push([]);
            }
            runs[runs.length - 1].push([point.time, ...stacks[at][index]]);
            last = point.time;
        });
        return runs;
    }

    drawGrid(width, most, y) {
        this.now.setAttribute("x", width);
        for (const { share, line, text } of this.grid) {
            const at = y(share * most);
            line.setAttribute("x2", width);
            line.setAttribute("y1", at);
            line.setAttribute("y2", at);
            text.setAttribute("y", at + 4);
            text.textContent = short(share * most) + (share === 1 ? this.unit : "");
        }
    }
}

const outline = (run, filled) => {
    const pair = (x, y) => `${x.toFixed(1)} ${y.toFixed(1)}`;
    const upper = run.map(([x, , high]) => pair(x, high));
    if (!filled) {
        return `M${upper.join("L")}${run.length === 1 ? "h1" : ""}`;
    }
    return `M${[...upper, ...run.map(([x, low]) => pair(x, low)).reverse()].join("L")}Z`;
};
