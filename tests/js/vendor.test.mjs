import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../static/vendor/", import.meta.url));
const filesBelow = (folder) =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
const zxing = join(root, "zxing-wasm-3.1.4");
const source = JSON.parse(readFileSync(join(zxing, "SOURCE.json"), "utf8"));

test("the decoder's files are the package's own, byte for byte, and no others", () => {
  const found = filesBelow(zxing).filter((path) => !path.endsWith("SOURCE.json"));
  const hashes = found.map((path) => [relative(zxing, path), createHash("sha256").update(readFileSync(path)).digest("hex")]);

  assert.deepEqual(Object.fromEntries(hashes), source.files);
});

test("script and WebAssembly are of one release", () => {
  const script = readFileSync(join(zxing, "dist/es/reader/index.js"), "utf8");

  assert.ok(script.includes(source.files["dist/reader/zxing_reader.wasm"]));
});

test("the page and the worker ask for the release that is there", () => {
  const worker = readFileSync(new URL("../../static/js/door/decoder-worker.js", import.meta.url), "utf8");
  const page = readFileSync(new URL("../../templates/checkin/scanner.html", import.meta.url), "utf8");

  for (const text of [worker, page]) assert.ok(text.includes(`vendor/zxing-wasm-${source.version}/dist/`));
});
